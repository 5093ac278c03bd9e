import Manifest
import Testing

@testable import Agent

@Suite struct ItemNameTests {
    @Test(arguments: [
        ("a", "1"), ("..", ".."), ("-", "-"), ("/etc/passwd", "../x"), ("ä b", "ü"),
        (String(repeating: "x", count: 400), "1"), ("", ""),
    ])
    func `every item key is a safe name`(title: String, version: String) {
        let key = ManifestNames.item(title: title, version: version)
        #expect(ItemName.isSafe(key) == (key.utf8.count >= 3))
    }

    @Test(arguments: [
        "", ".", "..", "a", "a/b@1", "../a@1", ".a@1", "-a@1", "a@1\u{0}", "a@1 ", "ä@1", "a%40",
        "items", String(repeating: "a", count: 200) + "@1", "a@1\n",
    ])
    func `refuses what could name anything else`(name: String) {
        #expect(!ItemName.isSafe(name))
    }
}
