import Quantities

/// Which rows of a box are written in one pass over the boxes.
struct RowFilter {
    let pass: Int
    let of: Int

    /// Whether row `row` of box `box` belongs to this pass.
    func takes(row: Int, ofBox box: Int) -> Bool {
        of == 1
            || SplitMix64.mixed(UInt64(box) << 16 ^ UInt64(row)) % UInt64(of) == UInt64(pass)
    }
}

/// What the rows of a fleet's files are made from.
protocol FleetText: Sendable {
    /// In how many parts a file is written.
    func partCount(of content: SyntheticFile.Content) -> Int
    /// Writes one of them.
    func append(
        _ content: SyntheticFile.Content, part: Int, rows: RowFilter, to text: inout Text)
}

extension SyntheticFile {
    /// Whether a part is a box with several rows.
    var isByBox: Bool {
        switch content {
        case .holdings, .wishes, .links: true
        default: false
        }
    }

    func appendHead(to text: inout Text) {
        switch content {
        case .catalogue:
            text += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            text += "<catalogue xmlns=\"urn:mediaplan:catalogue:1\" extent=\"delta\">\n"
        case .sites:
            text += "site,parent,territory,timezone,cidr,up_kbps,down_kbps,cost_per_gb\n"
        case .origins: text += "origin,site,egress_kbps,base_url,cost_per_gb,nightly_gb\n"
        case .accounts: text += "account,status,territory\n"
        case .devices:
            text += "device,account,site,wish_bytes,cache_bytes,up_kbps,down_kbps,window,accepts,"
            text += "address,last_served,last_sent,state,picks\n"
        case .holdings: text += "device,item,chunks,area,bought,bytes\n"
        case .wishes: text += "device,title,rank,wanted_until\n"
        case .links: text += "from,to,kbps,kind,measured_at,bytes,paced,failures\n"
        case .package: break
        }
    }

    func appendTail(to text: inout Text) {
        if case .catalogue = content { text += "</catalogue>\n" }
    }
}

extension World: FleetText {
    func partCount(of content: SyntheticFile.Content) -> Int {
        switch content {
        case .catalogue: titles.count
        case .sites: 1 + network.regions.count + network.popCount + network.nodeCount
        case .origins: originCount
        case .accounts, .devices, .holdings, .wishes, .links: deviceCount
        case .package: 1
        }
    }

    func append(
        _ content: SyntheticFile.Content, part: Int, rows: RowFilter, to text: inout Text
    ) {
        switch content {
        case .catalogue: appendTitle(part, to: &text)
        case .sites: text.row(siteRow(part))
        case .origins: text.row(originRow(part))
        case .accounts: if let row = accountRow(part) { text.row(row) }
        case .devices: text.row(deviceRow(part))
        case .holdings: appendHoldings(ofBox: part, rows, to: &text)
        case .wishes: appendWishes(ofBox: part, rows, to: &text)
        case .links: appendLinks(ofBox: part, rows, to: &text)
        case .package(let title): appendPackage(title, to: &text)
        }
    }
}
