import Manifest
import Testing

@Suite struct ManifestNamesTests {
    @Test(arguments: [
        ("box-1", "box-1"), (".hidden", "~2Ehidden"), ("..", "~2E."), ("-rf", "~2Drf"),
        ("a/b", "a~2Fb"), ("a b", "a~20b"), ("~", "~7E"), ("ä", "~C3~A4"), ("a@1", "a~401"),
        ("100%", "100~25"),
    ])
    func `names need no quoting`(id: String, name: String) {
        #expect(ManifestNames.device(id) == name)
    }

    @Test func `different titles and versions have different keys`() {
        let parts = ["", "a", "a@", "@a", "~", "~40", "a~40", ".", "/", "é", "e\u{301}"]
        let pairs = parts.flatMap { title in parts.map { (title, $0) } }
        let keys = Set(pairs.map { ManifestNames.item(title: $0.0, version: $0.1) })
        #expect(keys.count == pairs.count)
    }

    @Test func `long names stay different and short enough for a file`() {
        let long = String(repeating: "/", count: 300)
        let names = ["a", "b"].map { ManifestNames.item(title: long + $0, version: "1") }
        #expect(names[0] != names[1])
        for name in names {
            #expect(name.utf8.count <= 200)
            #expect(name.utf8.allSatisfy { $0 != UInt8(ascii: "/") })
        }
        let fits = String(repeating: "x", count: 200)
        #expect(ManifestNames.device(fits) == fits)
        #expect(ManifestNames.device(fits + "x") != fits + "x")
    }
}
