import Fleet
import Quantities
import Schedule

// Fall-backs as both ends are told of them.

extension ManifestIndex {
    /// Whom the device of an entry asks for its item: devices, then origins, the cheapest path
    /// first.
    func fallbacks(ofEntry row: Int32) -> [ManifestContent.End] {
        let entry = peers.fetched.entries[Int(row)]
        let devices = peers.peers(ofEntry: row).map { peer in
            var end = end(.device(peer), connects: true)
            end.token = standbyToken(entry, at: peer)
            return end
        }
        let site = fleet.devices[Int(entry.device)].site
        return devices
            + origins.origins(forSite: site).prefix(Int(header.maxFallbacks)).map {
                originEnds[Int($0)]
            }
    }

    /// What `device` may be asked for, by item and then by destination.
    func standby(of device: Int32, _ items: inout ItemTable) -> [ManifestContent.Standby] {
        standbyEntries(of: device).map { entry in
            items.name(entry.item)
            return ManifestContent.Standby(
                item: keys.keys[Int(entry.item)],
                destination: end(.device(entry.device), connects: false),
                token: standbyToken(entry, at: device), bytes: entry.bytes)
        }
    }

    /// For what fetches `device` is a fall-back, by item key and then by destination.
    func standbyEntries(of device: Int32) -> [FetchedItems.Entry] {
        peers.entries(servedBy: device).sorted { one, other in
            guard one.item == other.item else {
                return keys.keys[Int(one.item)] < keys.keys[Int(other.item)]
            }
            let ids = [one, other].map { fleet.devices[Int($0.device)].id.utf8 }
            return ids[0].lexicographicallyPrecedes(ids[1])
        }
    }

    private func standbyToken(_ entry: FetchedItems.Entry, at peer: Int32) -> String {
        tokens.token(
            source: fleet.devices[Int(peer)].id,
            destination: fleet.devices[Int(entry.device)].id, item: keys.keys[Int(entry.item)])
    }
}
