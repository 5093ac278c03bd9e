import Catalogue
import Content
import Foundation
import Manifest
import Quantities

@testable import Agent

/// A night of several boxes and an origin on loopback: each a process of the built program, its
/// slots a second long, its manifests made by hand.
final class TrialNight {
    let folder: TemporaryFolder
    let origin: RunningProgram
    let originURL: String
    private(set) var boxes: [String: TrialBox] = [:]
    private(set) var programs: [String: RunningProgram] = [:]
    private var addresses: [String: String] = [:]
    private(set) var contents: [String: ManifestContent] = [:]
    private let begins: Instant
    private let seconds: Int64

    /// Starts an origin that has `items` and their signed catalogue.
    ///
    /// The night began a moment ago and lasts `seconds`.
    init(_ items: [TrialItem], seconds: Int64 = 20) throws {
        folder = try TemporaryFolder()
        self.seconds = seconds
        begins = Instant(seconds: Int64(Date().timeIntervalSince1970) - 1)
        for item in items {
            try folder.write(item.bytes, "origin/blobs/\(item.index.blob.hex)")
            try folder.write(item.index.json, "origin/indexes/\(item.digest.hex)")
        }
        try TrialCatalogue(items, now: begins).write(folder, "origin")
        origin = try RunningProgram(
            agentProgram, ["serve-origin", folder.path("origin"), "--listen", "127.0.0.1:0"],
            log: folder.path("origin.log"))
        let running = origin
        guard eventually({ running.output.contains("\n") || !running.isRunning }),
            let line = running.output.split(separator: "\n").first, line.hasPrefix("http://")
        else { throw NightFault(what: "the origin doesn't start: \(running.output)") }
        originURL = String(line)
    }

    /// Why a trial can't go on.
    struct NightFault: Error { var what: String }

    /// The origin as manifests name it.
    var originEnd: ManifestContent.End {
        ManifestContent.End(kind: .origin, id: "origin", address: originURL)
    }

    /// A slot of the night.
    func slot(_ number: Int64, count: Int64 = 1) -> ManifestContent.Span {
        ManifestContent.Span(
            starts: begins.advanced(bySeconds: number),
            ends: begins.advanced(bySeconds: number + count))
    }

    /// Adds a box that holds some items, and starts its agent.
    func add(
        _ device: String, holding items: [TrialItem] = [],
        change: (inout Settings) -> Void = { _ in }
    ) throws {
        let box = try TrialBox(device, in: folder) { settings in
            settings.manifests = [folder.path("channel")]
            change(&settings)
        }
        for item in items { try box.give(item) }
        boxes[device] = box
        var content = trialContent(device, now: begins, seconds: seconds)
        content.notBefore = begins
        content.window = [.init(starts: begins, ends: begins.advanced(bySeconds: seconds))]
        contents[device] = content
        try start(device)
    }

    /// Starts a box's agent, or starts it again.
    func start(_ device: String) throws {
        let path = folder.path(device)
        try? FileManager.default.removeItem(atPath: "\(path)/status.json")
        let program = try RunningProgram(
            agentProgram, ["run", "-s", path], log: folder.path("\(device).log"))
        programs[device] = program
        guard
            eventually({
                !program.isRunning || FileManager.default.fileExists(atPath: "\(path)/status.json")
            }), program.isRunning
        else { throw NightFault(what: "\(device) doesn't start: \(program.output)") }
        addresses[device] = try StateView(path).listen
    }

    /// Where a box listens.
    func address(of device: String) -> String { addresses[device] ?? "" }

    /// Replaces where others find a box.
    func redirect(_ device: String, to address: String) { addresses[device] = address }

    /// Plans that a box sends chunks of an item to another, at both ends: the asking end shows
    /// another token than the sending end knows where that is wanted, and where it `pushes` the
    /// sending end connects.
    func plan(
        _ item: TrialItem, _ chunks: ClosedRange<Int32>, from source: String,
        to destination: String, slot: Int64, slots: Int64 = 1, kbps: Int64 = 100_000,
        wrongToken: Bool = false, pushes: Bool = false, fallbacks: [ManifestContent.End]? = nil
    ) {
        let token = TrialNight.token("\(source) to \(destination)")
        let piece = TrialNight.piece(item, chunks)
        let from = ManifestContent.End(
            kind: .device, id: source, address: pushes ? "" : addresses[source] ?? "",
            token: token)
        let to = ManifestContent.End(
            kind: .device, id: destination, address: pushes ? addresses[destination] ?? "" : "",
            token: wrongToken ? TrialNight.token("another") : token)
        let span = self.slot(slot, count: slots)
        var movement = ManifestContent.Movement(
            span: span, rateKbps: kbps, role: pushes ? .listen : .connect,
            token: from.token(for: piece, at: span.starts))
        change(destination) { content in
            content.describe(item, fallbacks ?? [originEnd])
            content.fetch.append(
                .init(piece: piece, movement: movement, source: from, area: .wish))
        }
        movement.role = pushes ? .connect : .listen
        movement.token = to.token(for: piece, at: span.starts)
        change(source) { content in
            content.describe(item, fallbacks ?? [originEnd])
            content.serve.append(.init(piece: piece, movement: movement, destination: to))
        }
    }

    /// Plans that a box fetches chunks of an item from the origin.
    func plan(
        _ item: TrialItem, _ chunks: ClosedRange<Int32>, fromOriginTo destination: String,
        slot: Int64, slots: Int64 = 1, kbps: Int64 = 100_000
    ) {
        change(destination) { content in
            content.describe(item, [originEnd])
            content.fetch.append(
                .init(
                    piece: TrialNight.piece(item, chunks),
                    movement: .init(
                        span: self.slot(slot, count: slots), rateKbps: kbps,
                        role: .connect),
                    source: originEnd, area: .wish))
        }
    }

    /// Changes what a box's manifest will say.
    func change(_ device: String, _ body: (inout ManifestContent) -> Void) {
        guard var content = contents[device] else { return }
        body(&content)
        contents[device] = content
    }

    /// Signs all manifests and lays them where the boxes look.
    func publish(_ devices: [String]? = nil) throws {
        for device in devices ?? contents.keys.sorted() {
            change(device) { content in
                content.fetch.sort { $0.movement.isBefore($1.movement) }
                content.serve.sort { $0.movement.isBefore($1.movement) }
            }
            guard let signed = try contents[device]?.signed() else { continue }
            try folder.write(signed.minisig, "channel/\(device).json.minisig.new")
            try folder.write(signed.json, "channel/\(device).json.new")
            for name in ["\(device).json.minisig", "\(device).json"] {
                rename(folder.path("channel/\(name).new"), folder.path("channel/\(name)"))
            }
        }
    }

    /// Waits until a box has published an item, whole and as it should be.
    func isComplete(_ item: TrialItem, at device: String) throws -> Bool {
        let name = "\(device)/items/\(item.key)"
        guard eventually(seconds: Int(seconds) + 10, { folder.has(name) }) else { return false }
        return try folder.read(name) == item.bytes
    }

    /// What lies good in a box's partial file of an item, in bytes.
    func goodBytes(of item: TrialItem, at device: String) throws -> Int {
        let name = "\(device)/partial/\(item.key)"
        guard folder.has(name) else { return 0 }
        let bytes = try folder.read(name)
        return (0..<item.layout.count).reduce(0) { sum, chunk in
            let part = item.chunk(chunk)
            guard bytes.count >= part.endIndex, bytes[part.indices] == part else { return sum }
            return sum + part.count
        }
    }

    /// What a box's agent said, for messages.
    func log(_ device: String) -> String { programs[device]?.output ?? "" }

    /// Ends a box's agent politely, so that its report is written; the rows of that report.
    func report(_ device: String) throws -> [[String: any Sendable]] {
        _ = programs[device]?.terminate()
        guard let night = contents[device]?.night else { return [] }
        let text = try folder.read("\(device)/reports/\(night)/\(device).jsonl")
        return try text.split(separator: 0x0A).compactMap { line in
            try JSONSerialization.jsonObject(with: Data(line)) as? [String: any Sendable]
        }
    }

    static func token(_ seed: String) -> String {
        String(sha256(Array(seed.utf8)).hex.prefix(32))
    }

    private static func piece(_ item: TrialItem, _ chunks: ClosedRange<Int32>)
        -> ManifestContent.Piece
    {
        .init(
            item: item.key, chunks: chunks,
            offset: item.layout.offset(ofChunk: chunks.lowerBound),
            bytes: item.layout.bytes(in: chunks.lowerBound..<(chunks.upperBound + 1)))
    }
}

extension ManifestContent.Movement {
    fileprivate func isBefore(_ other: Self) -> Bool {
        span.starts < other.span.starts
    }
}

extension ManifestContent {
    /// Names an item, once.
    mutating func describe(_ item: TrialItem, _ fallbacks: [End]) {
        guard !items.contains(where: { $0.key == item.key }) else { return }
        items.append(item.described(fallbacks: fallbacks))
        items.sort { $0.key < $1.key }
    }
}
