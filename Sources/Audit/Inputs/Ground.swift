import Catalogue
import Fleet
import Quantities
import Schedule

/// What the inputs mean before anything moves: who takes part, what lies where at dusk, what is
/// wished for.
struct Ground {
    let catalogue: Catalogue
    let fleet: Fleet
    let night: Night
    let settings: PlanSettings
    let tree: SiteTree
    let keeping: Keeping
    let participation: Participation
    /// How each item is cut.
    let layouts: [ChunkLayout]
    /// L(i) by title.
    let licenceSlots: [Range<Int32>]
    let dusk: Dusk
    let wishes: Wishes

    init(catalogue: Catalogue, fleet: Fleet, night: Night, settings: PlanSettings) {
        self.catalogue = catalogue
        self.fleet = fleet
        self.night = night
        self.settings = settings
        tree = SiteTree(fleet.sites)
        keeping = Keeping(catalogue: catalogue, fleet: fleet)
        participation = Participation(fleet: fleet, night: night)
        layouts = catalogue.items.map(\.layout)
        licenceSlots = catalogue.titles.map {
            night.slots(from: $0.licence.start, until: $0.licence.end)
        }
        dusk = Dusk(
            catalogue: catalogue, fleet: fleet, night: night, layouts: layouts,
            sends: participation.sends)
        wishes = Wishes(
            WishInputs(
                catalogue: catalogue, fleet: fleet, night: night, settings: settings,
                keeping: keeping, participation: participation, layouts: layouts,
                licenceSlots: licenceSlots, dusk: dusk))
    }

    /// Whether an item may move at all: it has a chunk index, or the settings plan on sizes alone.
    func isSendable(_ item: Int32) -> Bool {
        settings.sizesAlone || catalogue.items[Int(item)].indexDigest != nil
    }

    func title(of item: Int32) -> Title { catalogue.titles[Int(catalogue.items[Int(item)].title)] }

    /// L(i).
    func licence(of item: Int32) -> Range<Int32> {
        licenceSlots[Int(catalogue.items[Int(item)].title)]
    }

    func isCurrent(_ item: Int32) -> Bool { title(of: item).currentItem == item }

    /// Whether the title of `item` allows the territory of the device's site.
    func mayKeep(_ item: Int32, on device: Int32) -> Bool {
        keeping.allows(
            title: catalogue.items[Int(item)].title, site: fleet.devices[Int(device)].site)
    }

    func bytes(_ chunks: Range<Int32>, of item: Int32) -> Int64 {
        layouts[Int(item)].bytes(in: chunks)
    }

    func bytes(_ chunks: RangeSet32, of item: Int32) -> Int64 {
        chunks.ranges.reduce(0) { $0 + layouts[Int(item)].bytes(in: $1) }
    }

    func site(of source: Source) -> Int32 {
        source.raw >= 0
            ? fleet.devices[Int(source.raw)].site : fleet.origins[Int(-1 - source.raw)].site
    }
}
