int esep_law_data(void);
