import Glibc

/// Runs the operator's program for an item that has become complete.
enum CompletionHook {
    /// Starts `program` with an item's key and path; doesn't wait for it.
    ///
    /// No shell sees the arguments. The program gets no signal of the agent's blocked or ignored,
    /// standard input from nowhere, and none of the agent's files.
    /// - Returns: nil, or the system's words for why it can't be started.
    static func start(_ program: String, key: String, path: String) -> String? {
        var attributes = posix_spawnattr_t()
        var actions = posix_spawn_file_actions_t()
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&actions)
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&actions)
        }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        // Each argument is copied for the call and freed after it.
        var arguments: [UnsafeMutablePointer<CChar>?] = [program, key, path].map { text in
            text.withCString { strdup($0) }
        }
        defer { for argument in arguments { free(argument) } }
        arguments.append(nil)
        var process = pid_t()
        let code = posix_spawn(&process, program, &actions, &attributes, arguments, environ)
        return code == 0 ? nil : String(cString: strerror(code))
    }

    /// Ends of such programs are nobody's business: the kernel buries them.
    static func ignoreEnds() { signal(SIGCHLD, SIG_IGN) }
}
