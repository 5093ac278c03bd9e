import Manifest
import Quantities
import Transport

/// What nights of one agent work with.
final class Equipment {
    let loop: EventLoop
    let line: Line
    let client: Client
    let settings: Settings
    let folder: StateFolder
    let shelf: Shelf
    let intake: ManifestIntake
    let catalogue: IndexCatalogueKeeper
    let indexes: IndexFiles
    let search: DocumentSearch
    let status: StatusFile
    let say: (Remark) -> Void

    init(_ folder: StateFolder, _ settings: Settings, say: @escaping (Remark) -> Void)
        throws(AgentError)
    {
        self.folder = folder
        self.settings = settings
        self.say = say
        do { loop = try EventLoop() } catch { throw AgentError(.failed, "\(error)") }
        line = Line(loop: loop)
        client = Client(loop: loop, line: line)
        shelf = Shelf(folder)
        intake = try ManifestIntake(folder, settings)
        catalogue = IndexCatalogueKeeper(folder, settings, intake, now: Equipment.now())
        indexes = IndexFiles(folder, limitBytes: settings.maxIndexBytes)
        search = DocumentSearch(loop, client)
        status = StatusFile(folder, settings, loop)
    }

    /// The time as manifests mean it.
    static func now() -> Instant {
        Instant(seconds: EventLoop.wallMs().flooredDivision(by: 1000))
    }

    /// Runs the operator's program for an item that has become complete.
    func announce(_ item: String) {
        guard !settings.onComplete.isEmpty else { return }
        let path = folder.path(of: "items/\(item)")
        if let reason = CompletionHook.start(settings.onComplete, key: item, path: path) {
            say(Remark(.warning, "cannot run '\(settings.onComplete)': \(reason)"))
        }
    }

    /// The channels of manifests, which may have catalogues and indexes too.
    var channels: [Place] { settings.manifests.compactMap { Place($0) } }
}

extension ManifestContent.End {
    /// Where the end listens, and the path below which its things lie, without a last slash; nil
    /// when its address can't be used.
    var target: (address: Address, path: String)? {
        switch kind {
        case .origin: return Place.web(url: address)
        case .device: return Address(text: address).map { ($0, "") }
        }
    }

    var place: Place? { target.map { .web($0.address, path: $0.path) } }
}

extension ManifestContent {
    /// All origins that are named, each once, in the order of their first naming.
    var origins: [End] {
        var seen: Set<String> = []
        let ends = fetch.map(\.source) + items.flatMap(\.fallbacks)
        return ends.filter { $0.kind == .origin && seen.insert($0.address).inserted }
    }
}
