#include "LawData.h"
int esep_law_data(void) { return 1; }
