import Quantities
import Store

/// What a night imports: every feed's folder, then the folder of each table, in the order of what
/// refers to what.
struct DropSources {
    private let workspace: Workspace

    /// - Parameter workspace: whose folders.
    init(_ workspace: Workspace) { self.workspace = workspace }

    /// A request for each folder.
    func requests(now: Instant, isForced: Bool) -> [ImportRequest] {
        let feeds = workspace.configuration.feeds.map { feed in
            ImportRequest(
                table: .catalogue, sources: [workspace.path(feed.folder)], feed: feed,
                isForced: isForced, now: now)
        }
        let tables: [ImportTable] = [
            .sites, .origins, .accounts, .devices, .holdings, .wishes, .links, .reports,
        ]
        return feeds
            + tables.map { table in
                ImportRequest(
                    table: table, sources: [workspace.dropFolder(table)],
                    extent: workspace.configuration.wholeTables.contains(table) ? .whole : .named,
                    isForced: isForced, now: now)
            }
    }
}
