// The tests over real processes lie here.
