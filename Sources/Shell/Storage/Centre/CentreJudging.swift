import Accounts
import Law
import Records
import Roles
import Synchronization
import Vault

/// What a proposal leaves to be judged at its end, when all it brought is known.
struct Judging {
    /// A test about a record, by what it blames.
    struct Key: Hashable, Comparable {
        var anchor: Int64
        var code: String
        var path: String

        static func < (one: Key, other: Key) -> Bool {
            (one.anchor, one.code, one.path) < (other.anchor, other.code, other.path)
        }
    }

    /// A record that came or changed, and the entry by which it did.
    struct Came {
        var record: NationRecord
        var edition: Edition
        var at: LogAddress
        var asking = Asking()
    }

    enum Cause { case came, again, due }

    var came: [Int64: Came] = [:]
    var again: Set<Key> = []
    var told: [ToldFinding] = []
    /// How many graces that have ended are judged with one proposal: the rest with the next.
    static let dueLimit = 2_000

    /// The first day with which a grace ends.
    static func nextDue(_ connection: Connection) throws -> Day? {
        let select = try connection.statement("SELECT day FROM due ORDER BY day LIMIT 1")
        defer { select.reset() }
        return try select.next() ? Day(Int32(select.integer(0))) : nil
    }
}

extension CentreApply {
    // MARK: When a record is settled

    /// Asks what can be asked at once of a record that came or changed, withdraws what does not hold any more, and
    /// notes what is to be judged at the end of the proposal. The findings returned go with the entry's receipt.
    func judge(
        _ record: DescribedRecord, anchor: Int64, at: LogAddress, number: Serial, subjects: [UInt16: SubjectNumber],
        previous: DescribedRecord?
    ) throws -> [Law.Finding] {
        try hear(record, anchor: anchor, subjects: subjects, previous: previous)
        let open = previous == nil ? [] : try openFindings(of: anchor)
        guard record.isCounted && record.isOpened && !record.isCancelled else {
            store.recent.withLock { $0.drop(anchor) }
            judging.came[anchor] = nil
            guard record.isCancelled else { return [] }
            for one in open { try withdraw(one, of: anchor, isTold: isTold(one.finding, of: record)) }
            return []
        }
        let own = NationRecord(record)
        if let seen = law.seen(record, number: number, isAmended: at.packed != anchor) {
            store.recent.withLock { $0.keep(seen, at: anchor) }
        }
        let plan = record.edition.nationPlan(of: record.kind.code)
        if !plan.absence.isEmpty {
            judging.came[anchor] = Judging.Came(
                record: own, edition: record.edition, at: at, asking: record.asking)
        }
        var found = plan.presence.isEmpty ? [] : try presence(of: own, record, subjects: subjects)
        if let previous { found += brokenByMerging(record, previous) }
        for one in open where isAskedAtOnce(one.finding, of: record) {
            let stands = found.contains { $0.isSame(as: one.finding) }
            if !stands { try withdraw(one, of: anchor, isTold: true) }
        }
        let raised = found.filter { finding in !open.contains { $0.finding.isSame(as: finding) } }
        for finding in raised {
            let waits = try plan.presence.filter { $0.code == finding.code && $0.path == finding.path }
                .flatMap { try self.waits(of: $0, about: own, other: finding.other, anchor: anchor) }
            try raise(finding, of: anchor, body: record.sender, at: at.packed, waits: waits)
        }
        return raised
    }

    private func presence(
        of own: NationRecord, _ record: DescribedRecord, subjects: [UInt16: SubjectNumber]
    ) throws -> [Law.Finding] {
        let view = CentreNation(apply: self, subjects: subjects, asking: record.asking)
        let found = NationalRules.findings(
            about: own, in: view, edition: record.edition, today: today, nature: .presence)
        if let failure = view.failure { throw failure }
        return found
    }

    /// A rule of several fields that a record broke by a correction, each of whose documents kept it. What an accepted
    /// document broke from the first was a warning, and is not said again.
    private func brokenByMerging(_ record: DescribedRecord, _ previous: DescribedRecord) -> [Law.Finding] {
        guard previous.isOpened else { return [] }
        let before = record.edition.problems(ofMerged: previous.values, kind: record.kind, received: today)
        return record.edition.problems(ofMerged: record.values, kind: record.kind, received: today)
            .filter { problem in !before.contains { $0.code == problem.code && $0.path == problem.path } }
            .map { Law.Finding(code: $0.code, severity: $0.severity, path: $0.path) }
    }

    /// Whether `judge` would find it again if it still held. Findings of linking and of repeats are not asked again;
    /// the merged record's are, as long as they hold.
    private func isAskedAtOnce(_ finding: Law.Finding, of record: DescribedRecord) -> Bool {
        let plan = record.edition.nationPlan(of: record.kind.code)
        if plan.presence.contains(where: { $0.code == finding.code && $0.path == finding.path }) { return true }
        if plan.absence.contains(where: { $0.code == finding.code && $0.path == finding.path }) { return false }
        if finding.code == "V011" { return true }
        guard record.edition.rule(finding.code)?.scope == .document else { return false }
        return !record.edition.problems(ofMerged: record.values, kind: record.kind, received: today)
            .contains { $0.code == finding.code && $0.path == finding.path }
    }

    private func isTold(_ finding: Law.Finding, of record: DescribedRecord) -> Bool {
        test(Judging.Key(anchor: 0, code: finding.code, path: finding.path), record.kind.code, record.edition)?.isTold
            ?? true
    }

    // MARK: Who waits for it

    /// Findings that may change because this record came, changed or went.
    private func hear(
        _ record: DescribedRecord, anchor: Int64, subjects: [UInt16: SubjectNumber], previous: DescribedRecord?
    ) throws {
        var tokens = record.heard
        if let previous {
            tokens += previous.heard + [store.blind.token(AwaitedDomain.record, record.name)]
            try askThoseWhoReliedOn(record, previous)
        }
        for token in Set(tokens) { try noteAwaiting(token, except: nil) }
        let plan = record.edition.nationPlan(of: record.kind.code)
        guard !plan.presenceElsewhere.isEmpty, record.isCounted, record.isOpened, !record.isCancelled else { return }
        let context = ConditionContext(edition: record.edition, received: today)
        for test in plan.presenceElsewhere {
            guard case .found(let search) = test.probe, search.condition.holds(over: record.values, in: context) else {
                continue
            }
            for subject in Set(subjects.values).sorted() {
                for other in try records(of: subject, limit: CentreLimits.nationRecords) where other != anchor {
                    if try standing(other)?.kind == test.kind {
                        judging.again.insert(Judging.Key(anchor: other, code: test.code, path: test.path))
                    }
                }
            }
        }
    }

    /// Accounts of these subjects may have changed.
    func hearAccounts(types: Set<String>, of subjects: Set<SubjectNumber>) throws {
        for type in types.intersection(law.watchedTypes).sorted() {
            for subject in subjects.sorted() {
                try noteAwaiting(store.blind.token(AwaitedDomain.account, "\(type)|\(subject.number)"), except: nil)
            }
        }
    }

    private func noteAwaiting(_ token: Token, except anchor: Int64?) throws {
        let select = try statements[.selectAwaited]
        select.bind(1, Int64(bitPattern: token.high))
        select.bind(2, Int64(bitPattern: token.low))
        while try select.next() {
            judging.again.insert(
                Judging.Key(anchor: select.integer(0), code: select.text(1), path: select.text(2)))
        }
    }

    /// A correction or cancellation may take away what satisfied other records' tests: those have no finding, so they
    /// are looked up by their own keys. Corrections are few.
    private func askThoseWhoReliedOn(_ record: DescribedRecord, _ previous: DescribedRecord) throws {
        let plan = record.edition.nationPlan(of: record.kind.code)
        for test in plan.absenceElsewhere {
            guard let kind = record.edition.kind(test.kind) else { continue }
            for values in [previous.values, record.values] {
                for anchor in try anchors(reliedOn: values, name: record.name, of: record.kind, by: test, on: kind) {
                    judging.again.insert(Judging.Key(anchor: anchor, code: test.code, path: test.path))
                }
            }
        }
    }

    private func anchors(
        reliedOn values: Values, name: String, of own: CardKind, by test: NationalTest, on kind: CardKind
    ) throws -> [Int64] {
        func ownText(_ path: String) -> String? { own.field(path: path).flatMap { values.text($0.number) } }
        func holders(_ field: FieldNumber, _ text: String?) throws -> [Int64] {
            guard let text, let path = kind.field(field)?.path else { return [] }
            return try self.values(of: store.blind.token(kind.code + "." + path, text)).map { Int64($0) }
        }
        func named(_ path: String) throws -> [Int64] {
            guard let name = ownText(path), let known = try known(RecordID(name: name)) else { return [] }
            return [known.opening.packed]
        }
        switch test.probe {
        case .missing(let search):
            if let reference = search.reference { return try holders(reference, name) }
            if let path = search.referring { return try named(path) }
            guard let key = search.key else { return [] }
            return try holders(key.own, ownText(key.otherPath))
        case .countDiffers(let referring, _): return try named(referring.path)
        case .sumExceeds(let balance): return try holders(balance.key.own, ownText(balance.key.otherPath))
        case .found, .onAccount, .overdue: return []
        }
    }

    // MARK: At the end of a proposal

    /// Judges all that came, all that may have changed, and all whose grace has ended by the leader's clock.
    func judgeNoted() throws {
        try compareTouched()
        for (anchor, came) in judging.came.sorted(by: { $0.key < $1.key }) {
            for test in came.edition.nationPlan(of: came.record.kind).absence {
                try judge(test, of: came, anchor: anchor, cause: .came)
                judging.again.remove(Judging.Key(anchor: anchor, code: test.code, path: test.path))
            }
        }
        for key in judging.again.sorted() { try judge(key, cause: .again) }
        judging.came = [:]
        judging.again = []
        for (day, key) in try dueNow() {
            try judge(key, cause: .due)
            let delete = try statements[.deleteDue]
            delete.bind(1, day)
            delete.bind(2, key.anchor)
            delete.bind(3, key.code)
            delete.bind(4, key.path)
            try delete.run()
        }
    }

    private func dueNow() throws -> [(day: Int64, key: Judging.Key)] {
        let select = try statements[.selectDue]
        select.bind(1, Int64(today.number))
        select.bind(2, Int64(Judging.dueLimit))
        var due: [(day: Int64, key: Judging.Key)] = []
        while try select.next() {
            due.append(
                (
                    select.integer(0),
                    Judging.Key(anchor: select.integer(1), code: select.text(2), path: select.text(3))
                ))
        }
        return due
    }

    private func judge(_ key: Judging.Key, cause: Judging.Cause) throws {
        if try judgeReview(key) { return }
        let view = CentreNation(apply: self)
        guard let standing = try standing(key.anchor), standing.isAccounted,
            let record = try view.whole(key.anchor)
        else { return }
        let at = LogAddress(packed: key.anchor)
        let entry = try CentreReading(store: store, connection: connection).entry(at)
        guard case .document(let opening) = entry.body else { return }
        let edition = law.catalogue.edition(on: opening.edition)
        let came = Judging.Came(record: record, edition: edition, at: at)
        let tests = edition.nationPlan(of: record.kind)
        if let test = tests.absence.first(where: { $0.code == key.code && $0.path == key.path }) {
            try judge(test, of: came, anchor: key.anchor, cause: cause)
            // What it names has come: what is to be said of the two can be said now.
            guard case .missing(let search) = test.probe, let reference = search.reference else { return }
            for test in tests.presence {
                guard case .found(let search) = test.probe, search.reference == reference else { continue }
                try judgePresence([test], of: came, anchor: key.anchor)
            }
        } else {
            try judgePresence(
                tests.presence.filter { $0.code == key.code && $0.path == key.path }, of: came, anchor: key.anchor)
        }
    }

    /// Asks tests that blame one field for one rule: all ways of saying the same.
    private func judgePresence(_ tests: [NationalTest], of came: Judging.Came, anchor: Int64) throws {
        guard let first = tests.first else { return }
        let view = CentreNation(apply: self)
        let found = tests.lazy.compactMap { test in
            NationalRules.finding(of: test, about: came.record, in: view, edition: came.edition, today: self.today)
                .map { (test, $0) }
        }.first
        if let failure = view.failure { throw failure }
        let open = try openFindings(of: anchor).filter {
            $0.finding.code == first.code && $0.finding.path == first.path
        }
        for one in open where one.finding.other != found?.1.other {
            try withdraw(one, of: anchor, isTold: first.isTold)
        }
        guard let (test, finding) = found, !open.contains(where: { $0.finding.other == finding.other }) else { return }
        try raise(finding, by: test, of: came, anchor: anchor)
    }

    private func judge(
        _ test: NationalTest, of came: Judging.Came, anchor: Int64, cause: Judging.Cause
    ) throws {
        let values = came.record.values
        let context = ConditionContext(edition: came.edition, received: today)
        let isNew = cause == .came && came.at.packed == anchor
        let concerns = test.condition.holds(over: values, in: context)
        if isNew && !concerns { return }
        let open =
            isNew
            ? nil
            : try openFindings(of: anchor).first { $0.finding.code == test.code && $0.finding.path == test.path }
        let end = concerns ? test.graceEnd(of: values, calendar: came.edition.calendar) : nil
        let isInTerm = end.map { today <= $0 } ?? false
        // The centre waits at least to the end of the day on which it heard: what belongs together comes together.
        let isInGrace = isInTerm || (end != nil && open == nil && cause != .due)
        if let end, isInGrace, open == nil || cause == .came { try expect(test, anchor: anchor, on: max(end, today)) }
        var severity = isInGrace ? test.grace?.early : test.severity
        if let open, cause != .due, !isInTerm { severity = open.finding.severity }
        let finding = severity == nil || !concerns ? nil : try finding(of: test, about: came)
        guard var finding, let severity else {
            if let open { try withdraw(open, of: anchor, isTold: test.isTold) }
            return
        }
        finding.severity = severity
        if let open {
            guard open.finding.severity != severity else { return }
            finding.other = open.finding.other
            try raise(finding, by: test, of: came, anchor: anchor, at: LogAddress(packed: open.at))
        } else {
            try raise(finding, by: test, of: came, anchor: anchor)
        }
    }

    private func finding(of test: NationalTest, about came: Judging.Came) throws -> Law.Finding? {
        let view = CentreNation(apply: self, asking: came.asking)
        let found = NationalRules.finding(
            of: test, about: came.record, in: view, edition: came.edition, today: today)
        if let failure = view.failure { throw failure }
        return found
    }

    private func raise(
        _ finding: Law.Finding, by test: NationalTest, of came: Judging.Came, anchor: Int64, at: LogAddress? = nil
    ) throws {
        let at = at ?? came.at
        try raise(
            finding, of: anchor, body: came.record.sender, at: at.packed,
            waits: try waits(of: test, about: came.record, other: finding.other, anchor: anchor))
        if test.isTold { judging.told.append(ToldFinding(at: at, finding: finding, isWithdrawn: false)) }
    }

    /// When the grace has ended.
    private func expect(_ test: NationalTest, anchor: Int64, on day: Day) throws {
        let insert = try statements[.insertDue]
        insert.bind(1, Int64(day.number))
        insert.bind(2, anchor)
        insert.bind(3, test.code)
        insert.bind(4, test.path)
        try insert.run()
    }

    // MARK: What is asked of the rows

    /// Under which tokens a finding waits.
    func waits(of test: NationalTest, about record: NationRecord, other: String, anchor: Int64) throws -> [Token] {
        try test.waits(about: record, other: other).flatMap { wait -> [Token] in
            switch wait {
            case .key(let domain, let text): return [store.blind.token(domain, text)]
            case .record(let name): return [store.blind.token(AwaitedDomain.record, name)]
            case .account(let type, let slot):
                return try parties(of: anchor).filter { $0.slot == slot }.map {
                    store.blind.token(AwaitedDomain.account, "\(type)|\($0.subject.number)")
                }
            }
        }
    }

    func test(_ key: Judging.Key, _ kind: String, _ edition: Edition) -> NationalTest? {
        let plan = edition.nationPlan(of: kind)
        return (plan.absence + plan.presence).first { $0.code == key.code && $0.path == key.path }
    }
}

/// Domains of tokens that lead from what is waited for to who waits; they stand in no index of records.
enum AwaitedDomain {
    static let record = "record"
    static let account = "account"
}

extension Law.Finding {
    fileprivate func isSame(as finding: Law.Finding) -> Bool {
        code == finding.code && path == finding.path && other == finding.other
    }
}
