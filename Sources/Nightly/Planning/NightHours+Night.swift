package import Quantities

extension NightHours {
    /// The slots of the night that begins in the evening of `date`.
    package func night(_ date: CivilDate) throws(NightlyError) -> Night {
        guard let start = ZoneTable.instant(date, second: startSeconds, in: timezone) else {
            throw NightlyError(
                .configuration,
                "`night.timezone` names a zone that this system doesn't know: '\(timezone)'")
        }
        return Night(
            date: date, start: start, slotSeconds: slotSeconds,
            slotCount: lengthSeconds / slotSeconds)
    }

    /// The first night that begins at `now` or after it.
    package func next(after now: Instant) throws(NightlyError) -> Night {
        var date = CivilDate(dayNumber: now.utcDate.dayNumber - 2)
        while true {
            let night = try night(date)
            if night.start >= now { return night }
            date.dayNumber += 1
        }
    }
}
