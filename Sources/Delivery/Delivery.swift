import Catalogue
package import Manifest
import Quantities

/// The mind of an agent: carries one verified manifest out, on events and by actions alone.
///
/// It has no clock, disk or line of its own: the shell tells what happened and when, and does what
/// it is told. The page of this module states the policy. Every event is answered in the time of a
/// few array accesses; those that end an exchange, or a wait, also look at each piece that has come
/// up and isn't complete.
package struct Delivery: Sendable {
    enum Stage: Hashable, Sendable {
        /// Nothing is known of the disk yet.
        case waiting
        case running
        /// What is under way ends, nothing begins any more.
        case ending
    }

    let policy: Policy
    let timetable: Timetable
    let numbers: [String: Int]
    var stage = Stage.waiting
    var now = Moment(wallMs: 0, steadyMs: 0)
    var stocks: [Stock]
    var ends: Ends
    var pieces: Pieces
    var intakes = Intakes()
    var outlets: Outlets
    var budget: Budget
    var removals: Removals
    var copies = Copies([])
    var space = Space()
    /// Items that come up and that the disk has no room for now, ascending by key.
    package internal(set) var lacks: [Lack] = []
    /// The choice of items has to be made again.
    var roomChanged = false
    var actions: [Action] = []
    /// Something happened that may let something else begin.
    var stirred = false
    /// The earliest time on the steady clock at which something may begin or end.
    var nextMs = Int64.max
    var wakeMs: Int64?
    var isDone = false

    /// `spent`: what the caps of this night have been spent on before.
    package init(_ manifest: VerifiedManifest, spent: Spent = Spent()) {
        self.init(content: manifest.content, spent: spent)
    }

    /// What the caps have been spent on so far: what moved, and what was asked for or promised.
    package var spent: Spent { budget.spent }

    /// What the caps will have been spent on, at most, if everything ends with this event: for the
    /// shell to keep across restarts.
    ///
    /// Of what was asked for, what came counts, and the next chunk of each exchange that has
    /// begun; of what was promised to others, all. O(exchanges).
    package var spentIfCut: Spent {
        var rest = budget
        for intake in intakes.live where intake.ending == nil {
            let layout = stocks[intake.stock].layout
            let next =
                intake.hasBegun && intake.asked.contains(intake.next)
                ? layout.bytes(ofChunk: intake.next) : 0
            rest.settle(
                asked: intake.askedBytes, moved: min(intake.askedBytes, intake.cameBytes + next),
                budgetSource(intake.source, intake.fallback))
        }
        return rest.spent
    }

    /// Takes an event and says what to do about it, in order.
    ///
    /// Moments never go back on the steady clock. Whatever an end or the disk says, in whatever
    /// order, is answered; what makes no sense is ignored.
    package mutating func handle(_ event: Event, at moment: Moment) -> [Action] {
        now = moment
        actions = []
        take(event)
        if stirred { review() }
        let result = actions
        actions = []
        return result
    }

    private mutating func take(_ event: Event) {
        switch event {
        case .began(let shelf, let freeBytes): began(shelf, freeBytes)
        case .index(let item, let index): learned(item, index)
        case .intakeBegan(let id): intakes.begun(id)
        case .chunk(let id, let chunk, let digest): came(id, chunk, digest)
        case .stored(let item, let chunk): stored(item, chunk)
        case .notStored(let item, let chunk, let fault): notStored(item, chunk, fault)
        case .intakeEnded(let id, let ending, let waste): intakeEnded(id, ending, waste)
        case .asked(let id, let token, let item, let bytes): asked(id, token, item, bytes)
        case .offered(let id, let token, let item, let bytes): offered(id, token, item, bytes)
        case .outletEnded(let id, let ending, let sent): outletEnded(id, ending, sent)
        case .outletQuiet(let id, let isQuiet): quiet(id, isQuiet)
        case .unreadable(let item, let chunk): unreadable(item, chunk)
        case .removed(let item, let freeBytes): removed(item, freeBytes)
        case .finished(let item, let fault): finished(item, fault)
        case .tick: stirred = true
        case .stop:
            stage = .ending
            stirred = true
        }
    }

    /// Looks at everything that may begin or has to end now, and says when to look again.
    private mutating func review() {
        stirred = false
        nextMs = Int64.max
        if stage == .running, timetable.isOver(now) { stage = .ending }
        if stage == .running, timetable.isOpen(now) {
            reviewOpen()
        } else {
            close()
        }
        if stage == .running { consider(wallMs: timetable.nextChange(after: now.wallMs)) }
        reviewDone()
        wake()
    }

    private mutating func reviewOpen() {
        pieces.comeUp(before: now.wallMs + policy.leadMs)
        withdrawRemovals()
        askIndexes()
        chooseRoom()
        dropPartials()
        deleteRemovals()
        beginCopies()
        relieveFallbacks()
        releaseSlow()
        askSources()
        askAhead()
        askFallbacks()
        relieveSources()
        releaseSlow()
        retryFinish()
        answerHeld()
        push()
        workAhead()
    }

    private mutating func wake() {
        if let wakeMs, wakeMs <= now.steadyMs { self.wakeMs = nil }
        guard nextMs != Int64.max, nextMs != wakeMs else { return }
        wakeMs = nextMs
        actions.append(.wake(steadyMs: nextMs))
    }

    /// Asks to be woken at a time of the steady clock, if it is in the future.
    mutating func consider(steadyMs: Int64) {
        if steadyMs > now.steadyMs { nextMs = min(nextMs, steadyMs) }
    }

    /// Asks to be woken at a time of the wall clock, if it is in the future.
    mutating func consider(wallMs: Int64?) {
        if let wallMs { consider(steadyMs: now.steady(atWallMs: wallMs)) }
    }
}
