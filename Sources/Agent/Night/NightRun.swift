import Catalogue
import Content
import Delivery
import Manifest
import Quantities
import Transport

// One night: the pure `Delivery` machine decides, this does.
//
// Events are queued and handled one after the other; what an event makes the
// machine say is done before the next one is handled. A block of payload is
// only there while the transport hands it over: it is hashed, judged and
// written within that call, without a copy.

/// Carries one verified manifest out.
final class NightRun {
    let equipment: Equipment
    let manifest: VerifiedManifest
    let indexIntake: IndexIntake
    let items: [String: ManifestItem]
    let server: Server
    let journal: NightJournal
    private let spending: SpendingRecord
    private var delivery: Delivery
    private var scan: ShelfScan?
    private var events: [Event] = []
    private var isHandling = false
    /// The disk was looked at, and the machine told.
    private(set) var hasBegun = false
    private(set) var isOver = false
    private var wake: TimerID?
    private var isStopping = false
    private let onDone: (NightRun) -> Void

    // What is under way, and what is there, as far as exchanges and the disk need it.
    var intakes: [IntakeID: Intake] = [:]
    var outlets: [OutletID: Outlet] = [:]
    /// Who asked before the disk was looked at.
    var early: [Request] = []
    /// When they are sent away.
    var earlyEnd: TimerID?
    /// The payload that is being handed over.
    var block: Block?
    var indexes: [String: ChunkIndex] = [:]
    var layouts: [String: ChunkLayout] = [:]
    var held: [String: RangeSet32] = [:]
    private var lastOutlet: Int64 = 0
    /// Items of which it was said that they can't be written.
    var toldItems: Set<String> = []
    /// Items of which it was said that there is no room for them.
    private var toldLacks: Set<String> = []
    /// Ends, by name and address, of which it was said that they do wrong.
    var toldEnds: Set<String> = []
    private(set) var tally = NightTally()

    struct Intake {
        var pull: Action.Pull
        /// One of the two.
        var exchange: ExchangeID?
        var request: RequestID?
    }

    struct Outlet {
        var request: RequestID?
        var exchange: ExchangeID?
        /// Open while it is sent.
        var file: Descriptor?
    }

    struct Block {
        var intake: IntakeID
        var chunk: Int32
        var bytes: UnsafeRawBufferPointer
    }

    /// `onDone` is called once, when nothing is left to do or the night was stopped.
    init(
        _ equipment: Equipment, _ manifest: VerifiedManifest, server: Server,
        journal: NightJournal, onDone: @escaping (NightRun) -> Void
    ) {
        self.equipment = equipment
        self.manifest = manifest
        self.server = server
        self.journal = journal
        self.onDone = onDone
        indexIntake = IndexIntake(equipment, manifest.content)
        items = Dictionary(
            manifest.content.items.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        layouts = items.mapValues { $0.layout }
        spending = SpendingRecord(equipment, manifest.content)
        delivery = Delivery(manifest, spent: spending.spent)
    }

    /// Keys of the items of which something that the manifest fetches isn't there, ascending.
    var missing: [String] {
        var keys: [String] = []
        for fetch in content.fetch where keys.last != fetch.piece.item {
            let range = fetch.piece.chunks.lowerBound..<(fetch.piece.chunks.upperBound + 1)
            if held[fetch.piece.item]?.contains(range) != true { keys.append(fetch.piece.item) }
        }
        return Set(keys).sorted()
    }

    var content: ManifestContent { manifest.content }

    /// Looks at the disk, then begins.
    func start() {
        let rates = content.rates
        equipment.line.up = rates.upKbps > 0 ? LineRate(kbps: rates.upKbps) : .unlimited
        equipment.line.down = rates.downKbps > 0 ? LineRate(kbps: rates.downKbps) : .unlimited
        let scan = ShelfScan(equipment, content, indexIntake)
        self.scan = scan
        // A newer catalogue may withdraw what an older one listed; nobody waits for it.
        indexIntake.refresh {}
        scan.run { [self] shelved in begin(shelved) }
    }

    private func begin(_ shelved: [Event.Shelved]) {
        guard !isOver else { return }
        scan = nil
        hasBegun = true
        equipment.status.write(.running)
        for item in shelved {
            indexes[item.item] = item.index
            if let index = item.index { layouts[item.item] = index.layout }
            held[item.item] = item.chunks
        }
        post(
            .began(
                shelf: shelved,
                freeBytes: equipment.folder.freeBytes(reserve: equipment.settings.reserveBytes)))
        answerEarly()
    }

    /// Nothing new begins; what is under way ends, after two seconds whether it wants to or not.
    func stop() {
        guard !isStopping else { return }
        isStopping = true
        scan?.stop()
        guard hasBegun else { return end() }
        post(.stop)
        equipment.loop.timer(atSteadyMs: EventLoop.steadyMs() + 1500) { [self] in end() }
    }

    /// The wall clock was set.
    func clockJumped() { if hasBegun { post(.tick) } }

    // MARK: Events

    /// Handles an event now, or after the ones that are being handled.
    func post(_ event: Event) {
        guard !isOver else { return }
        events.append(event)
        guard !isHandling else { return }
        isHandling = true
        var next = 0
        while next < events.count {
            let event = events[next]
            next += 1
            let actions = delivery.handle(event, at: NightRun.now())
            // Before anything moves that counts in it.
            spending.keep(delivery.spentIfCut)
            for action in actions { perform(action) }
            tellLacks()
        }
        events.removeAll(keepingCapacity: true)
        isHandling = false
        if isOver { onDone(self) }
    }

    /// How many items the disk has no room for now.
    var lackCount: Int { delivery.lacks.count }

    private func tellLacks() {
        for lack in delivery.lacks where toldLacks.insert(lack.item).inserted {
            equipment.say(
                Remark(
                    .warning,
                    "\(lack.item) doesn't fit on the disk: \(lack.needBytes) bytes are needed, "
                        + "\(lack.freeBytes) are free"))
            equipment.status.touch()
        }
    }

    static func now() -> Moment {
        Moment(wallMs: EventLoop.wallMs(), steadyMs: EventLoop.steadyMs())
    }

    private func perform(_ action: Action) {
        switch action {
        case .needIndex(let item, let digest, let ends): needIndex(item, digest, ends)
        case .pull(let intake, let pull): self.pull(intake, pull)
        case .accept(let outlet, let intake, let pull): accept(outlet, intake, pull)
        case .cancel(let intake): cancel(intake)
        case .store(let intake, let item, let chunk): store(intake, item, chunk)
        case .discard: break
        case .copy(let item, let chunk, let from, let fromChunk):
            equipment.loop.soon { [self] in copy(item, chunk, from, fromChunk) }
        case .remove(let item, let chunks): remove(item, chunks)
        case .finish(let item, let mayBeBought): finish(item, mayBeBought)
        case .send(let outlet, let send): self.send(outlet, send)
        case .push(let outlet, let end, let token, let send): push(outlet, end, token, send)
        case .refuse(let outlet, let status, let retryAfterMs):
            refuse(outlet, status, retryAfterMs)
        case .hasten(let outlet, let pace):
            if let request = outlets[outlet]?.request {
                server.hasten(request, pacing: Pacing(pace))
            }
        case .hangUp(let outlet): hangUp(outlet)
        case .note(let note): noted(note)
        case .wake(let steadyMs): setWake(steadyMs)
        case .done: end()
        }
    }

    private func setWake(_ steadyMs: Int64) {
        if let wake { equipment.loop.cancel(wake) }
        wake = equipment.loop.timer(atSteadyMs: steadyMs) { [self] in
            wake = nil
            post(.tick)
        }
    }

    private func needIndex(_ item: String, _ digest: Digest, _ ends: [ManifestContent.End]) {
        indexIntake.get(item, digest, from: ends) { [self] index in
            if let index {
                indexes[item] = index
                layouts[item] = index.layout
            }
            post(.index(item: item, index))
        }
    }

    private func noted(_ note: Note) {
        let layout = layouts[note.item]
        let isComplete = held[note.item]?.count == layout.map { Int($0.count) }
        journal.add(note, isComplete: layout != nil && isComplete)
        tally.add(note)
        if note.result == .corrupt, let source = note.source {
            complain(source, "sends other bytes than it should, and is asked no more tonight")
        }
        equipment.status.touch()
    }

    func sentBytes(_ count: Int64) {
        tally.sentBytes += count
        if !isOver { equipment.status.touch() }
    }

    /// Even, as requests are numbered.
    func newOutlet() -> OutletID {
        lastOutlet += 2
        return OutletID(raw: lastOutlet)
    }

    /// Everything that is under way is given up; the night is over.
    private func end() {
        guard !isOver else { return }
        isOver = true
        sendEarlyAway()
        if let wake { equipment.loop.cancel(wake) }
        for id in intakes.keys.sorted(by: { $0.raw < $1.raw }) { cancel(id) }
        for id in outlets.keys.sorted(by: { $0.raw < $1.raw }) { hangUp(id) }
        equipment.shelf.files.close()
        for key in held.keys.sorted() where equipment.shelf.entry(key)?.isComplete == false {
            if let layout = layouts[key] {
                equipment.shelf.hold(key, held[key] ?? RangeSet32(), layout)
            }
        }
        equipment.shelf.save()
        spending.close()
        if !isHandling { onDone(self) }
    }
}

/// Sums over a night, for people who look at it.
struct NightTally: Hashable, Sendable {
    var receivedBytes: Int64 = 0
    var wasteBytes: Int64 = 0
    var sentBytes: Int64 = 0
    var faults = 0

    mutating func add(_ note: Note) {
        wasteBytes += note.wasteBytes
        if note.result != .local { receivedBytes += note.bytes }
        if [.failed, .corrupt, .refused].contains(note.result) { faults += 1 }
    }
}
