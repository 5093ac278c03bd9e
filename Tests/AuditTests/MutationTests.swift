import Audit
import Schedule
import TestSupport
import Testing

/// Whether the audit sees what is broken, names it, and sees nothing else.
struct MutationTests {
    @Test func `finds nothing in the plan as it stands`() {
        let report = Draft().report()
        #expect(report.isClean, "\(report.findings)")
        #expect(report.figures.servedWishes == 6)
        #expect(report.figures.partWishes == 1)
        #expect(report.figures.unservedWishes == 5)
    }

    @Test(arguments: Mutation.all)
    func `names the rule that was broken, and no other`(_ mutation: Mutation) {
        var draft = Draft()
        mutation.change(&draft)
        let report = draft.report()
        #expect(!report.isClean)
        #expect(report.findings.allSatisfy { $0.rule == mutation.rule }, "\(report.findings)")
        #expect(
            report.findings.contains { finding in
                mutation.words.allSatisfy { finding.message.contains($0) }
            }, "\(report.findings)")
    }

    @Test func `breaks each of the seven rules in three ways or more`() {
        for rule in AuditFinding.Rule.allCases where rule != .form {
            #expect(Mutation.all.filter { $0.rule == rule }.count >= 3)
        }
    }
}
