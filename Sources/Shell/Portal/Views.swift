import Contract
import Law
import Node

extension Freshness {
    var answer: FreshnessAnswer {
        FreshnessAnswer(territory: territory, frontier: frontier, ageSeconds: ageSeconds)
    }
}

extension PersonAnswer {
    var answer: PersonFindAnswer {
        PersonFindAnswer(
            freshness: freshness.map(\.answer),
            subjects: subjects.map { subject in
                SubjectAnswer(
                    subject: String(subject.number), linked: subject.linked.map { String($0) }, iin: subject.iin,
                    bin: subject.bin, names: subject.names, birth: subject.birth,
                    records: subject.records.map { .init(number: $0.number, kind: $0.kind, territory: $0.territory) },
                    accounts: subject.accounts.map { .init(type: $0.type, number: $0.number, state: $0.state) })
            })
    }
}

extension AccountView {
    var answer: AccountAnswer {
        AccountAnswer(
            type: type, number: number, state: state, subject: subject, basis: basis,
            history: history.map { .init(state: $0.state, day: $0.day.text, basis: $0.basis) })
    }
}

extension ReportAnswer {
    var answer: ReportRunAnswer {
        ReportRunAnswer(
            form: form, name: name, period: period, edition: edition.text, position: position,
            moment: moment.map(Moments.text) ?? "", freshness: freshness.map(frontier),
            figures: figures.filter { $0.cut == nil }.map(Self.figure),
            parts: figures.compactMap { figure in
                figure.cut.map {
                    .init(figure: Self.figure(figure), cut: $0.name, code: $0.code, codeLabel: $0.label)
                }
            },
            checks: checks.map { check in
                ReportRunAnswer.Check(
                    code: check.code, severity: check.isError ? "E" : "W", message: check.message,
                    indicator: check.indicator, territory: check.territory, cut: check.cut, expected: check.expected,
                    found: check.found)
            },
            placed: placed.map {
                .init(revision: UInt64($0.revision), act: $0.act, date: $0.date.text, note: $0.note)
            })
    }

    private func frontier(_ frontier: Frontier) -> ReportRunAnswer.Frontier {
        let through = frontier.acceptedMilliseconds
        return ReportRunAnswer.Frontier(
            territory: frontier.territory, frontier: frontier.frontier, through: through.map(Moments.text) ?? "",
            ageSeconds: through.flatMap { through in moment.map { ($0 - min($0, through)) / 1_000 } })
    }

    private static func figure(_ figure: Figure) -> ReportRunAnswer.Figure {
        ReportRunAnswer.Figure(
            indicator: figure.indicator, label: figure.label, unit: figure.unit, territory: figure.territory,
            value: number(figure.value))
    }

    private static func number(_ value: Value?) -> JSONValue {
        switch value {
        case .integer(let integer): .integer(integer)
        case .decimal(let unscaled, let scale): .number(Decimals.text(unscaled: unscaled, scale: scale))
        case .text(let text): .string(text)
        case .day(let day): .string(day.text)
        case .flag(let flag): .bool(flag)
        case .time, .group, .unknown, nil: .null
        }
    }
}

extension ReportDueView {
    var answer: ReportDueAnswer {
        ReportDueAnswer(form: form, period: period, due: due.text, isLate: isLate, lacks: lacks)
    }
}

extension TerritoryView {
    var answer: TerritoryAnswer {
        TerritoryAnswer(
            territory: territory, node: node, state: state, frontier: frontier, backlog: backlog,
            lastContactSeconds: lastContactSeconds, seating: seating?.answer)
    }
}

extension SeatingView {
    var answer: SeatingAnswer {
        SeatingAnswer(
            state: state, sentence: sentence, next: next, missing: missing, waiting: waiting, movedCount: movedCount,
            moved: moved.map { .init(from: $0.from, to: $0.to, number: $0.number) }, discrepancies: discrepancies)
    }
}

extension ClusterStatus {
    var answer: ClusterStatusAnswer {
        switch self {
        case .centre(let centre):
            .centre(
                leader: centre.leader, term: centre.term,
                members: centre.members.map {
                    MemberAnswer(name: $0.name, role: $0.role, state: $0.state, applied: $0.applied)
                },
                territories: centre.territories.map(\.answer))
        case .territory(let territory):
            .territory(
                territory.territory, last: territory.last, frontier: territory.frontier,
                backlog: territory.backlog, isConnected: territory.isConnected,
                centreAddress: territory.centreAddress, seating: territory.seating?.answer)
        }
    }
}

extension NodeStatus {
    func answer(of identity: NodeIdentity) -> NodeStatusAnswer {
        let (role, territory): (String, String?) =
            switch identity.role {
            case .centre: ("centre", nil)
            case .territory(let code): ("territory", code)
            }
        return NodeStatusAnswer(
            name: identity.name, role: role, territory: territory, cluster: identity.cluster, version: version,
            state: state, reason: reason, uptimeSeconds: uptimeSeconds, records: records, entries: entries,
            lineBytesRaw: lineBytesRaw, lineBytesSent: lineBytesSent, residentBytes: residentBytes,
            diskFreeBytes: diskFreeBytes, certificateDays: Int64(certificateDays),
            refusedMessages: refusedMessages, seating: seating?.answer)
    }
}

extension JournalLine {
    var answer: JournalAnswer {
        JournalAnswer(
            author: author, index: index, at: Moments.text(milliseconds: atMilliseconds), officer: officer,
            action: action,
            subjects: subjects.map { subject in
                let digits = String(subject, radix: 16)
                return String(repeating: "0", count: 16 - digits.utf8.count) + digits
            },
            basis: basis, purpose: purpose, position: position)
    }
}
