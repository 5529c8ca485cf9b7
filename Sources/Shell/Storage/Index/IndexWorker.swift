import Records
import Synchronization

extension NodeIndex {
    /// Does one slice of the background work, a few milliseconds long. True while there is more to do.
    ///
    /// For one thread beside the turns: call it until it says false, then again after further inserts.
    @discardableResult
    package func work() throws(StorageError) -> Bool {
        try worker.withLock { worker throws(StorageError) -> Bool in
            guard let job = worker.job.take() ?? nextJob(&worker) else {
                return false
            }
            // A slice that fails is undone in the file; its job is dropped and begun anew under other run numbers.
            worker.job = try slice(of: job)
            worker.slices += 1
            if worker.slices.isMultiple(of: IndexLimits.slicesPerCheckpoint) || worker.job == nil {
                try file.checkpoint()
            }
            if worker.job != nil { return true }
            return state.withLock { !$0.waiting.isEmpty || $0.mergeable() != nil }
        }
    }

    /// Full lots first: they hold memory. Merges before them only where runs have piled up, which slows every lookup.
    private func nextJob(_ worker: inout Worker) -> IndexJob? {
        let (lot, merge) = state.withLock { ($0.waiting.first, $0.mergeable()) }
        if let lot {
            var building: [RunBuilder] = []
            for table in IndexTable.allCases where lot[table].count > 0 {
                let rows = lot[table].rows.sorted()
                building.append(
                    RunBuilder(
                        number: worker.nextRun, table: table, level: 0, cursors: [RowCursor(sorted: rows)],
                        expectedRows: rows.count))
                worker.nextRun += 1
            }
            return .write(lot: lot, building: building, done: [])
        }
        guard let merge else { return nil }
        let rowCount = merge.runs.reduce(0) { $0 + $1.rowCount }
        let builder = RunBuilder(
            number: worker.nextRun, table: merge.table, level: merge.level + 1,
            cursors: merge.runs.map { RowCursor($0) }, expectedRows: rowCount)
        worker.nextRun += 1
        return .merge(builder, sources: merge.runs)
    }

    /// The job after one slice; nil when it is done.
    private func slice(of job: IndexJob) throws(StorageError) -> IndexJob? {
        switch job {
        case .write(let lot, let building, let done):
            return try writeSlice(lot, building, done)
        case .merge(let builder, let sources):
            return try mergeSlice(builder, sources)
        case .clear(let clearances):
            return try clearSlice(clearances)
        }
    }

    private func writeSlice(
        _ lot: StagedLot, _ waitingBuilders: [RunBuilder], _ finished: [IndexRun]
    ) throws(StorageError) -> IndexJob? {
        var building = waitingBuilders
        var done = finished
        let kinds = state.withLock { $0.kinds }
        try file.turn { connection in
            if let run = try building.first.map({ _ in try building[0].write(IndexLimits.blocksPerSlice, connection) }),
                let run
            {
                building.removeFirst()
                done.append(run)
            }
            if building.isEmpty {
                for run in done { try IndexFile.list(run, connection) }
                try IndexFile.cover(lot.covered, kinds: kinds, connection)
            }
        }
        guard building.isEmpty else { return .write(lot: lot, building: building, done: done) }
        state.withLock { state in
            state.waiting.removeFirst()
            for run in done { state.runs[run.table.rawValue].append(run) }
            for (author, index) in lot.covered { state.covered[author] = index }
        }
        return nil
    }

    private func mergeSlice(_ waitingBuilder: RunBuilder, _ sources: [IndexRun]) throws(StorageError) -> IndexJob? {
        var builder = waitingBuilder
        let finished = try file.turn { connection in
            let run = try builder.write(IndexLimits.blocksPerSlice, connection)
            if let run {
                for source in sources { try IndexFile.unlist(source, connection) }
                try IndexFile.list(run, connection)
            }
            return run
        }
        guard let run = finished else { return .merge(builder, sources: sources) }
        let gone = Set(sources.map(\.number))
        state.withLock { state in
            state.runs[run.table.rawValue].removeAll { gone.contains($0.number) }
            state.runs[run.table.rawValue].insert(run, at: 0)
        }
        return .clear(sources.map { IndexJob.Clearance(run: $0.number, next: 0, blockCount: $0.blockCount) })
    }

    private func clearSlice(_ waiting: [IndexJob.Clearance]) throws(StorageError) -> IndexJob? {
        var clearances = waiting
        guard let first = clearances.first else { return nil }
        let end = min(first.next + IndexLimits.blocksPerSlice * 4, first.blockCount)
        try file.turn { connection in
            try IndexFile.delete(run: first.run, blocks: first.next..<end, connection)
        }
        if end == first.blockCount {
            clearances.removeFirst()
        } else {
            clearances[0].next = end
        }
        return clearances.isEmpty ? nil : .clear(clearances)
    }
}
