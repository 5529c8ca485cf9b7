import Consensus
import Storage
import Testing

struct PreparedBatchesTests {
    private let place = Mark(index: LogIndex(31), term: Term(1))

    private func batch(_ milliseconds: UInt64) -> PreparedBatch {
        PreparedBatch(leaderMilliseconds: milliseconds, content: .own([]))
    }

    /// A turn that was undone for want of space left the first; the log holds the second.
    @Test func whatWasPreparedForAPlaceHoldsForItsBytesAlone() {
        var batches = PreparedBatches()
        batches.keep(batch(1), of: [1, 2, 3], at: place)
        #expect(batches.batch(place, of: [1, 2, 3])?.leaderMilliseconds == 1)
        #expect(batches.batch(place, of: [1, 2, 4]) == nil)
        batches.keep(batch(2), of: [1, 2, 4], at: place)
        #expect(batches.batch(place, of: [1, 2, 4])?.leaderMilliseconds == 2)
        #expect(batches.batch(place, of: [1, 2, 3]) == nil)
    }

    @Test func whatIsAppliedIsLetGo() {
        var batches = PreparedBatches()
        batches.keep(batch(1), of: [1], at: place)
        #expect(batches.release(through: LogIndex(30)).isEmpty)
        #expect(batches.release(through: LogIndex(31)).count == 1)
        #expect(batches.batch(place, of: [1]) == nil)
    }
}
