/// Reads a CableLabs 1.1 package.
struct ADIReader: CatalogueReader {
    mutating func start(_ element: XMLElement, _ run: inout CatalogueRun) throws {}
    mutating func end(_ run: inout CatalogueRun) throws {}
}
