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

extension SyntheticFile {
    /// Whether a part is a box with several rows.
    var isByBox: Bool {
        switch content {
        case .holdings, .wishes, .links: true
        default: false
        }
    }

    /// In how many parts the file is written.
    var partCount: Int {
        switch content {
        case .catalogue: world.titles.count
        case .sites:
            1 + world.network.regions.count + world.network.popCount
                + world.network.nodeCount
        case .origins: world.originCount
        case .accounts, .devices, .holdings, .wishes, .links: world.deviceCount
        case .package: 1
        }
    }

    func appendHead(to text: inout Text) {
        switch content {
        case .catalogue: world.appendCatalogueHead(to: &text)
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

    func append(part: Int, rows: RowFilter, to text: inout Text) {
        switch content {
        case .catalogue: world.appendTitle(part, to: &text)
        case .sites: text.row(world.siteRow(part))
        case .origins: text.row(world.originRow(part))
        case .accounts: if let row = world.accountRow(part) { text.row(row) }
        case .devices: text.row(world.deviceRow(part))
        case .holdings: world.appendHoldings(ofBox: part, rows, to: &text)
        case .wishes: world.appendWishes(ofBox: part, rows, to: &text)
        case .links: world.appendLinks(ofBox: part, rows, to: &text)
        case .package(let title): world.appendPackage(title, to: &text)
        }
    }

    func appendTail(to text: inout Text) {
        if case .catalogue = content { text += "</catalogue>\n" }
    }
}
