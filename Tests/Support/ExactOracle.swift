package import Schedule
import Fleet
import Foundation

/// The best possible plan of a small instance, by an exact program (`Tests/Exact/exact.py`).
package struct ExactResult: Hashable, Sendable {
    /// Whether nothing better exists; false when the program ran out of time.
    package var isProven: Bool
    /// In millionths, counted in integers from the transfers below.
    package var objective: Int64
    package var value: Int64
    /// Worth of all eligible wishes.
    package var wishedValue: Int64
    /// One chunk each, in the order that a plan has.
    package var transfers: [Transfer]
    package var removals: [Removal]

    /// Whether some eligible wish gets less than all it lacks.
    package var leavesWishes: Bool { value < wishedValue }
}

/// Runs the exact program.
package enum ExactOracle {
    /// Why there is no second opinion, for a test's skip message.
    package static let missing: String? = {
        let answer = try? run(input: [])
        return answer?.status == 0
            ? nil
            : "the exact program needs python3 with the package highspy (pip install highspy)"
    }()

    /// The optima of `instances`, in order; nil when python3 or highspy isn't there.
    ///
    /// One process on one core for all of them. Throws when the program fails otherwise.
    package static func solve(_ instances: [Instance]) throws -> [ExactResult]? {
        guard missing == nil else { return nil }
        let encoder = JSONEncoder()
        let lines = try instances.map { try encoder.encode(ExactProblem($0)) }
        let answer = try run(input: lines)
        guard answer.status == 0 else { throw ExactFailure(message: answer.errors) }
        let decoder = JSONDecoder()
        let results = try answer.output.split(separator: 10).map {
            try decoder.decode(ExactAnswer.self, from: Data($0))
        }
        guard results.count == instances.count else {
            throw ExactFailure(message: "\(results.count) answers to \(instances.count) instances")
        }
        return zip(results, instances).map { $0.result(of: $1) }
    }

    private static func run(input: [Data]) throws -> (status: Int32, output: Data, errors: String) {
        try Fixtures.withFolder { folder in
            let files = ["in", "out", "err"].map { folder.appending(path: $0) }
            try Data(input.joined(separator: [10])).write(to: files[0])
            for file in files.dropFirst() { try Data().write(to: file) }
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [
                "python3", Fixtures.root.appending(path: "Tests/Exact/exact.py").path,
            ]
            process.standardInput = try FileHandle(forReadingFrom: files[0])
            process.standardOutput = try FileHandle(forWritingTo: files[1])
            process.standardError = try FileHandle(forWritingTo: files[2])
            try process.run()
            process.waitUntilExit()
            return (
                process.terminationStatus, try Data(contentsOf: files[1]),
                String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
            )
        }
    }
}

/// The exact program failed.
package struct ExactFailure: Error {
    package var message: String
}

/// A line of the program's output.
private struct ExactAnswer: Decodable {
    let proven: Bool
    let objective, value: Int64
    let wished: Int64?
    /// Slot, destination, item, chunk, source.
    let transfers: [[Int32]]
    /// Slot, device, item, chunk.
    let removals: [[Int32]]

    func result(of one: Instance) -> ExactResult {
        ExactResult(
            isProven: proven, objective: objective, value: value, wishedValue: wished ?? 0,
            transfers: transfers.map { row in
                Transfer(
                    source: Source(raw: row[4]), destination: row[1], item: row[2],
                    chunks: row[3]..<row[3] + 1, slot: row[0],
                    initiator: row[4] < 0 || one.fleet.devices[Int(row[4])].accepts
                        ? .destination : .source)
            },
            removals: removals.map { row in
                Removal(device: row[1], item: row[2], chunks: row[3]..<row[3] + 1, slot: row[0])
            })
    }
}
