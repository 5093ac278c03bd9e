import Glibc
import Manifest
import Quantities
import Transport

/// The agent at work: waits for manifests and carries each out, or carries one out and ends.
package final class Service {
    private let equipment: Equipment
    private let server: Server
    private let watch: ManifestWatch
    private let jitterMs: Int64
    private var night: NightRun?
    /// What comes when the running night has ended.
    private var next: VerifiedManifest?
    private var isStopping = false
    private var isOnce = false
    private var isPolling = false
    private var nextPoll: TimerID?
    /// What was begun last in this process, and may have ended.
    private var begun: TrustRules.Seen?
    /// What ended the agent; nil while none came.
    package private(set) var signal: Int32?
    private var lastRefusal: String?
    /// Of the manifest that ``once(_:)`` carried out.
    private var outcome: NightOutcome?

    /// How a night ended.
    package struct NightOutcome: Hashable, Sendable {
        /// Item keys of what the manifest fetches and isn't all there, ascending.
        package var missing: [String]
        package var receivedBytes: Int64
        package var sentBytes: Int64
    }

    /// Takes the lock and listens.
    ///
    /// - Parameters:
    ///   - path: the state folder.
    ///   - say: told what happens, on the thread that runs it.
    /// - Throws: of kind `locked` when another agent works there, `configuration` when the settings
    ///   are wrong.
    package init(_ path: String, say: @escaping (Remark) -> Void) throws(AgentError) {
        let settings = try Settings.read(path)
        let folder = try StateFolder(working: path)
        equipment = try Equipment(folder, settings, say: say)
        watch = ManifestWatch(equipment.search, settings)
        let digest = Array(settings.device.utf8).withUnsafeBytes { sha256($0) }
        jitterMs = Int64(digest.words.0 % UInt64(settings.pollSeconds * 100 + 1))
        guard let listen = Address(text: settings.listen) else {
            throw AgentError(.configuration, "listen isn't HOST:PORT: '\(settings.listen)'")
        }
        var limits = Limits()
        limits.connections = Int(settings.maxConnections)
        do {
            server = try Server(
                loop: equipment.loop, line: equipment.line, listen: listen, limits: limits)
        } catch { throw AgentError(.failed, "\(error)") }
        equipment.status.listen = "\(server.address)"
        server.onRequest = { [self] in asked($0) }
        server.onGone = { [self] in night?.left($0) }
        server.onQuiet = { [self] in night?.quiet($0, $1) }
    }

    /// Waits for manifests until a signal comes.
    package func run() throws(AgentError) {
        try prepare()
        startKept()
        ServiceNotice.send("READY=1\n")
        poll()
        equipment.loop.run()
        finish()
    }

    /// Carries one manifest out; says how that ended, nil when a signal ended it.
    package func once(_ path: String) throws(AgentError) -> NightOutcome? {
        isOnce = true
        let limit = Int(equipment.settings.maxManifestBytes)
        guard let signed = try ManifestIntake.read(path, limit: limit) else {
            throw AgentError(
                .failed, "there is no '\(path)', or no '\(path).minisig' beside it")
        }
        switch try equipment.intake.offer(signed, now: Equipment.now()) {
        case .accepted(let manifest), .known(let manifest):
            try prepare()
            start(manifest)
        case .refused(let refusal): throw AgentError(.untrusted, "\(refusal)")
        }
        equipment.loop.run()
        finish()
        return isStopping ? nil : outcome
    }

    private func prepare() throws(AgentError) {
        CompletionHook.ignoreEnds()
        do {
            try equipment.loop.onSignals([SIGTERM, SIGINT]) { [self] in stop($0) }
            try equipment.loop.onWallClockJump { [self] in clockJumped() }
        } catch { throw AgentError(.failed, "\(error)") }
        equipment.status.write(.idle)
    }

    private func finish() {
        server.close()
        equipment.status.write(.stopped)
    }

    private func stop(_ signal: Int32) {
        guard !isStopping else { return }
        isStopping = true
        self.signal = signal
        ServiceNotice.send("STOPPING=1\n")
        next = nil
        if let night { night.stop() } else { equipment.loop.stop() }
    }

    private func asked(_ request: Request) {
        guard let night else { return server.refuse(request.id, status: 503, retryAfterMs: 1000) }
        night.asked(request)
    }
}

// Manifests

extension Service {
    /// The wall clock was set: what wasn't valid yet may be now, and the other way round.
    private func clockJumped() {
        night?.clockJumped()
        if !isOnce { poll() }
    }

    /// Begins what was accepted, unless it was begun already: at the start, and when the clock of
    /// a device that knew no time has been set.
    private func startKept() {
        guard night == nil, let manifest = equipment.intake.inForce(now: Equipment.now()) else {
            return
        }
        if manifest.seen != begun { start(manifest) }
    }

    private func poll() {
        guard !isStopping, !isPolling else { return }
        isPolling = true
        if let nextPoll { equipment.loop.cancel(nextPoll) }
        nextPoll = nil
        startKept()
        var soonestMs = EventLoop.steadyMs() + equipment.settings.pollSeconds * 1000 + jitterMs
        watch.look(
            found: { [self] signed in found(signed, &soonestMs) },
            then: { [self] in
                isPolling = false
                nextPoll = equipment.loop.timer(atSteadyMs: soonestMs) { [self] in
                    nextPoll = nil
                    poll()
                }
            })
    }

    /// Judges what a channel has; says whether it needn't come again as it is.
    private func found(_ signed: SignedManifest, _ soonestMs: inout Int64) -> Bool {
        let outcome: ManifestIntake.Outcome
        do { outcome = try equipment.intake.offer(signed, now: Equipment.now()) } catch {
            equipment.say(Remark(.warning, error.message))
            return false
        }
        switch outcome {
        case .known(let manifest) where [begun, next?.seen].contains(manifest.seen): return true
        case .accepted(let manifest), .known(let manifest):
            equipment.say(
                Remark(
                    .note,
                    "manifest \(manifest.content.sequence) for the night "
                        + "\(manifest.content.night) is in force"))
            lastRefusal = nil
            start(manifest)
            return true
        case .refused(let refusal):
            refused(refusal, &soonestMs)
            return false
        }
    }

    private func refused(_ refusal: ManifestRefusal, _ soonestMs: inout Int64) {
        if case .notYetValid(let notBefore) = refusal {
            let inMs = max(0, notBefore.seconds * 1000 - EventLoop.wallMs())
            soonestMs = min(soonestMs, EventLoop.steadyMs() + inMs + 1)
        }
        let text = "\(refusal)"
        guard text != lastRefusal else { return }
        lastRefusal = text
        equipment.say(Remark(.warning, "a manifest is refused: \(text)"))
        equipment.status.refusal = StatusFile.Refusal(at: Equipment.now(), reason: text)
        equipment.status.write()
    }

    private func start(_ manifest: VerifiedManifest) {
        guard !isStopping else { return }
        if let night {
            next = manifest
            return night.stop()
        }
        let journal = NightJournal(equipment, manifest.content)
        let run = NightRun(equipment, manifest, server: server, journal: journal) { [self] night in
            ended(night)
        }
        night = run
        begun = manifest.seen
        equipment.status.show(run)
        equipment.status.write(.checking)
        run.start()
        stopAtExpiry(run)
    }

    /// Looks again when the time has come, for the clock may have been set back meanwhile.
    private func stopAtExpiry(_ run: NightRun) {
        let leftMs = run.content.expires.seconds * 1000 - EventLoop.wallMs()
        guard leftMs > 0 else { return run.stop() }
        equipment.loop.timer(atSteadyMs: EventLoop.steadyMs() + leftMs) { [weak self, weak run] in
            if let run { self?.stopAtExpiry(run) }
        }
    }

    private func ended(_ run: NightRun) {
        run.journal.finish()
        outcome = NightOutcome(
            missing: run.missing, receivedBytes: run.tally.receivedBytes,
            sentBytes: run.tally.sentBytes)
        pruneIndexes(run)
        night = nil
        if let manifest = next {
            next = nil
            return start(manifest)
        }
        equipment.status.write(.idle)
        if !isOnce, !isStopping { sayMissing(run) }
        if isStopping || isOnce { equipment.loop.stop() }
    }

    private func pruneIndexes(_ run: NightRun) {
        let items = run.content.items + (next?.content.items ?? [])
        let named = items.compactMap(\.index) + equipment.shelf.list.map(\.index)
        equipment.indexes.prune(
            named: Set(named), files: equipment.shelf.files,
            before: Equipment.now().advanced(bySeconds: -86_400))
    }

    private func sayMissing(_ run: NightRun) {
        let missing = run.missing
        guard !missing.isEmpty else { return }
        let some = missing.prefix(5).joined(separator: ", ")
        let others = missing.count > 5 ? " and \(missing.count - 5) others" : ""
        equipment.say(
            Remark(
                .warning, "the night \(run.content.night) is over: not all came of \(some)\(others)"
            ))
    }
}
