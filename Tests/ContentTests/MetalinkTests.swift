import Content
import Foundation
import Quantities
import TestSupport
import Testing

@Suite struct MetalinkTests {
    @Test func `an item of one file has pieces`() {
        var index = exampleIndex()
        index.files.removeLast()
        index.chunks.removeLast()
        let file = Metalink.File(
            key: "example.com~2FALPHA@2", index: index,
            baseURLs: ["https://a.example/o", "http://b"])
        let text = String(decoding: Metalink(files: [file]).xml, as: UTF8.self)
        #expect(
            text == """
                <?xml version="1.0" encoding="UTF-8"?>
                <metalink xmlns="urn:ietf:params:xml:ns:metalink">
                  <generator>mediaplan</generator>
                  <file name="example.com~2FALPHA@2">
                    <identity>example.com/ALPHA</identity>
                    <version>2</version>
                    <size>250</size>
                    <hash type="sha-256">\(digest(7).hex)</hash>
                    <pieces length="100" type="sha-256">
                      <hash>\(digest(0).hex)</hash>
                      <hash>\(digest(1).hex)</hash>
                      <hash>\(digest(2).hex)</hash>
                    </pieces>
                    <url priority="1">https://a.example/o/blobs/\(digest(7).hex)</url>
                    <url priority="2">http://b/blobs/\(digest(7).hex)</url>
                  </file>
                </metalink>

                """)
    }

    @Test func `pieces are left out where a file ends inside the item with a short chunk`() {
        #expect(exampleIndex().pieces == nil)
        var index = exampleIndex()
        index.files[0] = StoredFile(name: "a", kind: "", plainBytes: 216, storedBytes: 300)
        #expect(index.pieces?.digests == index.chunks)
        index.files.reverse()
        #expect(index.pieces == nil)
    }

    @Test func `without origins the address is relative`() {
        let file = Metalink.File(key: "k@1", index: exampleIndex(), baseURLs: [])
        #expect(file.urls == ["blobs/\(digest(7).hex)"])
    }

    private static let xmllint = "/usr/bin/xmllint"

    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: xmllint), "xmllint isn't installed"),
        arguments: ["<&>\"'", "]]>", "a\u{1}b\u{FFFF}", "&amp;", "\u{1F600}\u{7F}", "é\u{301}"])
    func `whatever a title is called, the text is XML that says so`(title: String) throws {
        let file = Metalink.File(
            name: "k@1", identity: title, sizeBytes: 1, sha256: digest(1), urls: ["u"])
        let found = try Fixtures.withFolder { folder in
            let (from, to) = (folder.appending(path: "in"), folder.appending(path: "out"))
            try Data(Metalink(files: [file]).xml).write(to: from)
            try Data().write(to: to)
            let process = Process()
            process.executableURL = URL(filePath: MetalinkTests.xmllint)
            process.arguments = ["--xpath", "string(//*[local-name()='identity'])", from.path]
            process.standardOutput = try FileHandle(forWritingTo: to)
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            return String(decoding: try Data(contentsOf: to), as: UTF8.self)
        }
        let expected = title.unicodeScalars.map {
            ["\u{1}", "\u{7F}", "\u{FFFF}"].contains($0) ? "\u{FFFD}" : String($0)
        }.joined()
        #expect(Array(found.utf8) == Array((expected + "\n").utf8))
    }
}
