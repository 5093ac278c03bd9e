import Testing

/// A fleet in a handful of tables, as text: 300 devices at one site, some wishes and holdings.
struct SmallFleet {
    static let tables = [
        "catalogue", "sites", "origins", "accounts", "devices", "holdings", "wishes", "links",
    ]

    /// The command that imports one of them.
    static func `import`(_ table: String) -> String {
        "mediaplan import \(table) -w w --now \(Scenario.now) \(table)"
            + (table == "catalogue" ? ".xml" : ".csv")
    }

    /// Everything about `count` titles of a megabyte.
    static func catalogue(titles count: Int, extent: String = "delta") -> String {
        let titles = (1...count).map {
            """
              <title id="t\($0)" major="1" chunk-bytes="65536" index="\(digest($0))">
                <licence start="2026-01-01T00:00:00Z"/>
                <territories/>
                <file name="t\($0).ts" kind="movie" size="1000000"/>
              </title>

            """
        }
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + "<catalogue xmlns=\"urn:mediaplan:catalogue:1\" extent=\"\(extent)\">\n"
            + titles.joined() + "</catalogue>\n"
    }

    private static func digest(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 64 - digits.count) + digits
    }

    func write(to scenario: Scenario) throws {
        try scenario.write("catalogue.xml", SmallFleet.catalogue(titles: 20))
        try scenario.write(
            "sites.csv", "site,parent,territory,timezone\nroot,,PT,Europe/Lisbon\nleaf,root,,\n")
        try scenario.write(
            "origins.csv", "origin,site,egress_kbps,base_url\nmain,root,1000,https://o.example/x\n")
        try write("accounts", (1...150).map { "a\($0),active" }, to: scenario)
        try write(
            "devices",
            (1...300).map { "box-\($0),a\(($0 + 1) / 2),leaf,9000000,9000000,2000,20000" },
            to: scenario)
        try write("holdings", (1...300).map { "box-\($0),t\($0 % 5 + 1),0-3" }, to: scenario)
        try write("wishes", (1...300).map { "box-\($0),t\($0 % 7 + 6),1" }, to: scenario)
        try write("links", (1...150).map { "box-\($0),box-\($0 + 1),900" }, to: scenario)
    }

    private func write(_ table: String, _ rows: [String], to scenario: Scenario) throws {
        let header = try #require(BadInput.headers[table])
        try scenario.write(
            "\(table).csv", ([header] + rows).map { $0 + "\n" }.joined())
    }
}
