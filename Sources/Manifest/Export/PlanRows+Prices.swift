import Fleet
import Schedule

/// A row of the table of prices.
struct PriceRow {
    enum Kind: String {
        case alpha
        case beta
        case bound
        case uplink
        case egress
        case edgeUp = "edge-up"
        case edgeDown = "edge-down"
        case firstCopy = "first-copy"
    }

    var kind: Kind
    /// Of a device, origin or site; nil where the row is about the whole plan.
    var id: String?
    /// Position in the catalogue's items, for a first copy.
    var item: Int32?
    var price: Int64
}

extension PlanRows {
    /// The rates, the bound, then every price above 0 in the order of identifiers.
    var prices: [PriceRow] {
        let certificate = plan.certificate
        let prices = certificate.prices
        func rows(_ kind: PriceRow.Kind, _ prices: [Int64], _ id: (Int) -> String) -> [PriceRow] {
            prices.indices.filter { prices[$0] > 0 }.map {
                PriceRow(kind: kind, id: id($0), price: prices[$0])
            }
        }
        return [
            PriceRow(kind: .alpha, price: certificate.alpha),
            PriceRow(kind: .beta, price: certificate.beta),
            PriceRow(kind: .bound, price: certificate.bound),
        ] + rows(.uplink, prices.up) { fleet.devices[$0].id }
            + rows(.egress, prices.egress) { fleet.origins[$0].id }
            + rows(.edgeUp, prices.edgeUp) { fleet.sites[$0].id }
            + rows(.edgeDown, prices.edgeDown) { fleet.sites[$0].id }
            + prices.firstCopy.map {
                PriceRow(
                    kind: .firstCopy, id: fleet.devices[Int($0.device)].id, item: $0.item,
                    price: $0.price)
            }
    }

    func append(_ row: PriceRow, _ rows: inout RowWriter) {
        rows.text(nightText)
        rows.text(row.kind.rawValue)
        if let id = row.id { rows.text(id) } else { rows.absent() }
        if let item = row.item { rows.text(keys.keys[Int(item)]) } else { rows.absent() }
        rows.integer(row.price)
    }
}
