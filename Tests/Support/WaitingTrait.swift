import Dispatch
import Foundation
package import Testing

/// For tests that mostly wait, for programs or for the clock: they run on threads of their own.
///
/// A test that waits otherwise holds one of the few threads on which all tests run, as many as
/// there are cores, while the core has nothing to do.
package struct WaitingTrait: SuiteTrait, TestTrait, TestScoping {
    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        try await withTaskExecutorPreference(WaitingExecutor.shared) { try await function() }
    }
}

extension Trait where Self == WaitingTrait {
    /// The test mostly waits.
    package static var waiting: Self { Self() }
}

/// A thread for each job, a few of them at a time.
private final class WaitingExecutor: TaskExecutor {
    static let shared = WaitingExecutor()

    private let free = DispatchSemaphore(value: 6)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        Thread.detachNewThread { [self] in
            free.wait()
            defer { free.signal() }
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
