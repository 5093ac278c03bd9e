package import Catalogue
package import Fleet
package import Schedule

extension PlanNames {
    /// The names that a plan over this catalogue and fleet refers to by position.
    package init(catalogue: Catalogue, fleet: Fleet) {
        self.init(
            devices: fleet.devices.map(\.id), sites: fleet.sites.map(\.id),
            origins: fleet.origins.map(\.id), titles: catalogue.titles.map(\.id),
            items: catalogue.items.map { item in
                PlanItem(
                    title: item.title, version: item.version, chunkBytes: item.chunkBytes,
                    fileBytes: item.files.map(\.sizeBytes))
            })
    }
}
