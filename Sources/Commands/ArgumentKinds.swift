import ArgumentParser
import Console
import Quantities

extension RowFormat: ExpressibleByArgument {}

/// Reads `2026-11-23`.
func dateArgument(_ text: String) throws -> CivilDate {
    guard let date = CivilDate(text) else {
        throw ValidationError("'\(text)' is no day; write it as 2026-11-23")
    }
    return date
}

/// Reads an RFC 3339 time with a zone.
func instantArgument(_ text: String) throws -> Instant {
    guard let instant = Instant(rfc3339: text) else {
        throw ValidationError("'\(text)' is no time; write it as 2026-11-23T20:00:00Z")
    }
    return instant
}
