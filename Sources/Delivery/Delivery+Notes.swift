import Catalogue
import Manifest
import Quantities

// What the report tells of an exchange: once it is over and the disk has said of every good chunk
// whether it lies there.

extension Delivery {
    /// Notes an exchange that is over and all of whose chunks are written or lost, and forgets it.
    mutating func noteIfOver(_ position: Int) {
        let intake = intakes[position]
        guard let ending = intake.ending, let endedAt = intake.endedAt, intake.writing.isEmpty
        else {
            return
        }
        intakes.remove(position)
        stirred = true
        let quiet = intake.cancelled && !intake.lied
        guard !quiet || intake.cameBytes + intake.wasteBytes > 0 else { return }
        actions.append(
            .note(
                Note(
                    item: stocks[intake.stock].key, chunks: intake.stored, source: intake.source,
                    bytes: intake.goodBytes, wasteBytes: intake.wasteBytes,
                    durationMs: endedAt.steadyMs - intake.beganMs, at: endedAt,
                    paced: intake.paced, result: result(intake, ending))))
    }

    private func result(_ intake: Intakes.Intake, _ ending: Ending) -> Note.Result {
        if intake.lied { return .corrupt }
        if intake.goodBytes == intake.askedBytes { return .complete }
        if intake.goodBytes > 0 { return .partial }
        if case .refused = ending { return .refused }
        return .failed
    }

    /// Notes what was copied, when all of it is.
    mutating func noteCopies() {
        guard copies.waiting.isEmpty, copies.running.isEmpty, !copies.done.isEmpty else { return }
        for number in stocks.indices {
            let chunks = copies.done.filter { $0.stock == number }.map(\.chunk)
            guard !chunks.isEmpty else { continue }
            let bytes = chunks.reduce(0) { $0 + stocks[number].layout.bytes(ofChunk: $1) }
            actions.append(
                .note(
                    Note(
                        item: stocks[number].key, chunks: RangeSet32(chunks.map { $0..<($0 + 1) }),
                        source: nil, bytes: bytes, wasteBytes: 0, durationMs: 0, at: now,
                        paced: false, result: .local)))
        }
        copies.done = []
    }
}
