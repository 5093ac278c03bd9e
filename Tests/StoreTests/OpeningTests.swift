import Catalogue
import Fleet
import Foundation
import Quantities
import TestSupport
import Testing

@testable import Store

/// Opening: new, old, foreign and damaged files.
struct OpeningTests {
    @Test func `makes an empty store and opens it again`() throws {
        try Fixtures.withFolder { folder in
            let path = folder.appending(path: "store.sqlite").path
            try Store(path: path).close()
            let store = try Store(path: path, creating: false)
            #expect(try store.imports().isEmpty)
            #expect(try store.complaints().isEmpty)
            #expect(try store.snapshot().catalogue.titles.isEmpty)
        }
    }

    @Test func `an empty file becomes a store`() throws {
        try Fixtures.withFolder { folder in
            let file = folder.appending(path: "store.sqlite")
            try Data().write(to: file)
            let store = try Store(path: file.path, creating: false)
            try store.importSmallFleet()
            #expect(try store.snapshot().fleet.devices.map(\.id) == ["d1", "d2"])
        }
    }

    @Test func `says that nothing is there unless it may create`() throws {
        try Fixtures.withFolder { folder in
            let path = folder.appending(path: "none.sqlite").path
            #expect(throws: StoreError.self) { try Store(path: path, creating: false) }
            #expect(!FileManager.default.fileExists(atPath: path))
            let error = #expect(throws: StoreError.self) {
                try Store(path: folder.appending(path: "no/folder.sqlite").path)
            }
            #expect(error?.code == .cannotOpen)
        }
    }

    @Test(arguments: [1, 99, Int(Int32.max)])
    func `refuses a newer schema and leaves the file as it is`(ahead: Int) throws {
        try Fixtures.withFolder { folder in
            let file = folder.appending(path: "store.sqlite")
            try Store(path: file.path).close()
            try setHeader(
                of: file, offset: 60, to: UInt32(min(Schema.version + ahead, 0x7FFF_FFFF)))
            let before = try Data(contentsOf: file)
            let error = #expect(throws: StoreError.self) { try Store(path: file.path) }
            #expect(error?.code == .newerSchema)
            #expect(error?.message.contains(file.path) == true)
            #expect(error?.hint != nil)
            #expect(try Data(contentsOf: file) == before)
        }
    }

    @Test func `refuses a database of something else`() throws {
        try Fixtures.withFolder { folder in
            let file = folder.appending(path: "store.sqlite")
            try Store(path: file.path).close()
            try setHeader(of: file, offset: 68, to: 0x1234_5678)
            let error = #expect(throws: StoreError.self) { try Store(path: file.path) }
            #expect(error?.code == .notAStore)
        }
    }

    @Test func `refuses a file that is no database`() throws {
        try Fixtures.withFolder { folder in
            let file = folder.appending(path: "store.sqlite")
            try Data("site,parent\nroot,\n".utf8 + [UInt8](repeating: 65, count: 5_000)).write(
                to: file)
            let before = try Data(contentsOf: file)
            let error = #expect(throws: StoreError.self) { try Store(path: file.path) }
            #expect(error?.code == .notAStore)
            #expect(error?.description.contains(file.path) == true)
            #expect(try Data(contentsOf: file) == before)
        }
    }

    @Test func `a store with damaged pages is told as such`() throws {
        try Fixtures.withFolder { folder in
            let file = folder.appending(path: "store.sqlite")
            let store = try Store(path: file.path)
            try store.importSmallFleet()
            try store.close()
            var bytes = try Data(contentsOf: file)
            for i in 8_192..<bytes.count { bytes[i] = 0xA5 }
            try bytes.write(to: file)
            let error = #expect(throws: StoreError.self) {
                _ = try Store(path: file.path).snapshot()
            }
            #expect(error?.code == .corrupt)
        }
    }

    /// Writes a big-endian word of an SQLite header (60: user version, 68: application id).
    private func setHeader(of file: URL, offset: Int, to value: UInt32) throws {
        var bytes = try Data(contentsOf: file)
        for i in 0..<4 {
            bytes[offset + i] = UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * i))
        }
        try bytes.write(to: file)
    }
}
