import Law
import Records

/// Proposed pairs that nobody has looked at in time (V412): a finding on each of the two records, which ends when an
/// official says that he has looked, or when the two are alike no more.
extension CentreApply {
    /// A pair proposed on a day is due when the days of the rule have passed after it.
    func expectReview(of anchor: Int64, proposed day: Day) throws {
        guard let review = law.catalogue.newest.likeness.review else { return }
        let insert = try statements[.insertDue]
        insert.bind(1, Int64(day.adding(days: review.days).number))
        insert.bind(2, anchor)
        insert.bind(3, review.rule)
        insert.bind(4, review.path)
        try insert.run()
    }

    /// The pairs of these records have changed: what was said of them may hold no more.
    func noteReview(of anchors: [Int64]) {
        guard let review = law.catalogue.newest.likeness.review else { return }
        for anchor in anchors {
            judging.again.insert(Judging.Key(anchor: anchor, code: review.rule, path: review.path))
        }
    }

    /// Says of a record what is overdue now, and takes back what is not.
    ///
    /// - Returns: whether the key is of that rule.
    func judgeReview(_ key: Judging.Key) throws -> Bool {
        guard let review = law.catalogue.newest.likeness.review, key.code == review.rule else { return false }
        let view = CentreNation(apply: self)
        guard let standing = try standing(key.anchor), standing.isAccounted, let record = try view.whole(key.anchor)
        else { return true }
        let overdue = try overduePairs(of: key.anchor, review).compactMap { try view.whole($0)?.name }
        let open = try openFindings(of: key.anchor).filter { $0.finding.code == review.rule }
        for one in open where !overdue.contains(one.finding.other) {
            try withdraw(one, of: key.anchor, isTold: true)
        }
        for other in overdue where !open.contains(where: { $0.finding.other == other }) {
            let finding = Law.Finding(code: review.rule, severity: review.severity, path: review.path, other: other)
            try raise(finding, of: key.anchor, body: record.sender, at: key.anchor, waits: [])
            judging.told.append(
                ToldFinding(at: LogAddress(packed: key.anchor), finding: finding, isWithdrawn: false))
        }
        return true
    }

    private func overduePairs(of anchor: Int64, _ review: LikenessRules.Review) throws -> [Int64] {
        let select = try connection.statement(
            """
            SELECT CASE first WHEN ?1 THEN second ELSE first END FROM candidate
            WHERE (first = ?1 OR second = ?1) AND verdict IS NULL AND day + ?2 < ?3 ORDER BY first, second
            """)
        select.bind(1, anchor)
        select.bind(2, Int64(review.days))
        select.bind(3, Int64(today.number))
        var others: [Int64] = []
        while try select.next() { others.append(select.integer(0)) }
        return others
    }
}
