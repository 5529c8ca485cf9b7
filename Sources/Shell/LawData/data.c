#include "LawData.h"

// `#embed` is C23, which this compiler offers in every mode.
#pragma clang diagnostic ignored "-Wc23-extensions"

// The bytes of each file; a new file is one block here and one line in the table below.
static const unsigned char f_2024_01_01_ad_1[] = {
#embed "Editions/2024-01-01/AD-1.json"
};
static const unsigned char f_2024_01_01_ad_2[] = {
#embed "Editions/2024-01-01/AD-2.json"
};
static const unsigned char f_2024_01_01_cf_1[] = {
#embed "Editions/2024-01-01/CF-1.json"
};
static const unsigned char f_2024_01_01_co_1[] = {
#embed "Editions/2024-01-01/CO-1.json"
};
static const unsigned char f_2024_01_01_cr_1[] = {
#embed "Editions/2024-01-01/CR-1.json"
};
static const unsigned char f_2024_01_01_cr_2[] = {
#embed "Editions/2024-01-01/CR-2.json"
};
static const unsigned char f_2024_01_01_cr_3[] = {
#embed "Editions/2024-01-01/CR-3.json"
};
static const unsigned char f_2024_01_01_cr_4[] = {
#embed "Editions/2024-01-01/CR-4.json"
};
static const unsigned char f_2024_01_01_ct_1[] = {
#embed "Editions/2024-01-01/CT-1.json"
};
static const unsigned char f_2024_01_01_cv_1[] = {
#embed "Editions/2024-01-01/CV-1.json"
};
static const unsigned char f_2024_01_01_cv_2[] = {
#embed "Editions/2024-01-01/CV-2.json"
};
static const unsigned char f_2024_01_01_ds_1[] = {
#embed "Editions/2024-01-01/DS-1.json"
};
static const unsigned char f_2024_01_01_ds_2[] = {
#embed "Editions/2024-01-01/DS-2.json"
};
static const unsigned char f_2024_01_01_ed_1[] = {
#embed "Editions/2024-01-01/ED-1.json"
};
static const unsigned char f_2024_01_01_ed_2[] = {
#embed "Editions/2024-01-01/ED-2.json"
};
static const unsigned char f_2024_01_01_fc_1[] = {
#embed "Editions/2024-01-01/FC-1.json"
};
static const unsigned char f_2024_01_01_fp_1[] = {
#embed "Editions/2024-01-01/FP-1.json"
};
static const unsigned char f_2024_01_01_in_1[] = {
#embed "Editions/2024-01-01/IN-1.json"
};
static const unsigned char f_2024_01_01_in_2[] = {
#embed "Editions/2024-01-01/IN-2.json"
};
static const unsigned char f_2024_01_01_in_3[] = {
#embed "Editions/2024-01-01/IN-3.json"
};
static const unsigned char f_2024_01_01_in_4[] = {
#embed "Editions/2024-01-01/IN-4.json"
};
static const unsigned char f_2024_01_01_mr_1[] = {
#embed "Editions/2024-01-01/MR-1.json"
};
static const unsigned char f_2024_01_01_ms_1[] = {
#embed "Editions/2024-01-01/MS-1.json"
};
static const unsigned char f_2024_01_01_ms_2[] = {
#embed "Editions/2024-01-01/MS-2.json"
};
static const unsigned char f_2024_01_01_pl_1[] = {
#embed "Editions/2024-01-01/PL-1.json"
};
static const unsigned char f_2024_01_01_ra_1[] = {
#embed "Editions/2024-01-01/RA-1.json"
};
static const unsigned char f_2024_01_01_ra_2[] = {
#embed "Editions/2024-01-01/RA-2.json"
};
static const unsigned char f_2024_01_01_uc_1[] = {
#embed "Editions/2024-01-01/UC-1.json"
};
static const unsigned char f_2024_01_01_uc_2[] = {
#embed "Editions/2024-01-01/UC-2.json"
};
static const unsigned char f_2024_01_01_up_1[] = {
#embed "Editions/2024-01-01/UP-1.json"
};
static const unsigned char f_2024_01_01_up_2[] = {
#embed "Editions/2024-01-01/UP-2.json"
};
static const unsigned char f_2024_01_01_wn_1[] = {
#embed "Editions/2024-01-01/WN-1.json"
};
static const unsigned char f_2024_01_01_wn_2[] = {
#embed "Editions/2024-01-01/WN-2.json"
};
static const unsigned char f_2024_01_01_likeness[] = {
#embed "Editions/2024-01-01/likeness.json"
};
static const unsigned char f_2024_01_01_account_types[] = {
#embed "Editions/2024-01-01/account_types.json"
};
static const unsigned char f_2024_01_01_blocks[] = {
#embed "Editions/2024-01-01/blocks.json"
};
static const unsigned char f_2024_01_01_calendar[] = {
#embed "Editions/2024-01-01/calendar.json"
};
static const unsigned char f_2024_01_01_code_lists[] = {
#embed "Editions/2024-01-01/code_lists.json"
};
static const unsigned char f_2024_01_01_dictionary[] = {
#embed "Editions/2024-01-01/dictionary.json"
};
static const unsigned char f_2024_01_01_envelope[] = {
#embed "Editions/2024-01-01/envelope.json"
};
static const unsigned char f_2024_01_01_examples[] = {
#embed "Editions/2024-01-01/examples.json"
};
static const unsigned char f_2024_01_01_forms[] = {
#embed "Editions/2024-01-01/forms.json"
};
static const unsigned char f_2024_01_01_regions[] = {
#embed "Editions/2024-01-01/regions.json"
};
static const unsigned char f_2024_01_01_rules[] = {
#embed "Editions/2024-01-01/rules.json"
};
static const unsigned char f_2024_01_01_settlements[] = {
#embed "Editions/2024-01-01/settlements.json"
};

static const struct esep_law_file files[] = {
    {"2024-01-01", "AD-1.json", f_2024_01_01_ad_1, sizeof f_2024_01_01_ad_1},
    {"2024-01-01", "AD-2.json", f_2024_01_01_ad_2, sizeof f_2024_01_01_ad_2},
    {"2024-01-01", "CF-1.json", f_2024_01_01_cf_1, sizeof f_2024_01_01_cf_1},
    {"2024-01-01", "CO-1.json", f_2024_01_01_co_1, sizeof f_2024_01_01_co_1},
    {"2024-01-01", "CR-1.json", f_2024_01_01_cr_1, sizeof f_2024_01_01_cr_1},
    {"2024-01-01", "CR-2.json", f_2024_01_01_cr_2, sizeof f_2024_01_01_cr_2},
    {"2024-01-01", "CR-3.json", f_2024_01_01_cr_3, sizeof f_2024_01_01_cr_3},
    {"2024-01-01", "CR-4.json", f_2024_01_01_cr_4, sizeof f_2024_01_01_cr_4},
    {"2024-01-01", "CT-1.json", f_2024_01_01_ct_1, sizeof f_2024_01_01_ct_1},
    {"2024-01-01", "CV-1.json", f_2024_01_01_cv_1, sizeof f_2024_01_01_cv_1},
    {"2024-01-01", "CV-2.json", f_2024_01_01_cv_2, sizeof f_2024_01_01_cv_2},
    {"2024-01-01", "DS-1.json", f_2024_01_01_ds_1, sizeof f_2024_01_01_ds_1},
    {"2024-01-01", "DS-2.json", f_2024_01_01_ds_2, sizeof f_2024_01_01_ds_2},
    {"2024-01-01", "ED-1.json", f_2024_01_01_ed_1, sizeof f_2024_01_01_ed_1},
    {"2024-01-01", "ED-2.json", f_2024_01_01_ed_2, sizeof f_2024_01_01_ed_2},
    {"2024-01-01", "FC-1.json", f_2024_01_01_fc_1, sizeof f_2024_01_01_fc_1},
    {"2024-01-01", "FP-1.json", f_2024_01_01_fp_1, sizeof f_2024_01_01_fp_1},
    {"2024-01-01", "IN-1.json", f_2024_01_01_in_1, sizeof f_2024_01_01_in_1},
    {"2024-01-01", "IN-2.json", f_2024_01_01_in_2, sizeof f_2024_01_01_in_2},
    {"2024-01-01", "IN-3.json", f_2024_01_01_in_3, sizeof f_2024_01_01_in_3},
    {"2024-01-01", "IN-4.json", f_2024_01_01_in_4, sizeof f_2024_01_01_in_4},
    {"2024-01-01", "MR-1.json", f_2024_01_01_mr_1, sizeof f_2024_01_01_mr_1},
    {"2024-01-01", "MS-1.json", f_2024_01_01_ms_1, sizeof f_2024_01_01_ms_1},
    {"2024-01-01", "MS-2.json", f_2024_01_01_ms_2, sizeof f_2024_01_01_ms_2},
    {"2024-01-01", "PL-1.json", f_2024_01_01_pl_1, sizeof f_2024_01_01_pl_1},
    {"2024-01-01", "RA-1.json", f_2024_01_01_ra_1, sizeof f_2024_01_01_ra_1},
    {"2024-01-01", "RA-2.json", f_2024_01_01_ra_2, sizeof f_2024_01_01_ra_2},
    {"2024-01-01", "UC-1.json", f_2024_01_01_uc_1, sizeof f_2024_01_01_uc_1},
    {"2024-01-01", "UC-2.json", f_2024_01_01_uc_2, sizeof f_2024_01_01_uc_2},
    {"2024-01-01", "UP-1.json", f_2024_01_01_up_1, sizeof f_2024_01_01_up_1},
    {"2024-01-01", "UP-2.json", f_2024_01_01_up_2, sizeof f_2024_01_01_up_2},
    {"2024-01-01", "WN-1.json", f_2024_01_01_wn_1, sizeof f_2024_01_01_wn_1},
    {"2024-01-01", "WN-2.json", f_2024_01_01_wn_2, sizeof f_2024_01_01_wn_2},
    {"2024-01-01", "likeness.json", f_2024_01_01_likeness, sizeof f_2024_01_01_likeness},
    {"2024-01-01", "account_types.json", f_2024_01_01_account_types, sizeof f_2024_01_01_account_types},
    {"2024-01-01", "blocks.json", f_2024_01_01_blocks, sizeof f_2024_01_01_blocks},
    {"2024-01-01", "calendar.json", f_2024_01_01_calendar, sizeof f_2024_01_01_calendar},
    {"2024-01-01", "code_lists.json", f_2024_01_01_code_lists, sizeof f_2024_01_01_code_lists},
    {"2024-01-01", "dictionary.json", f_2024_01_01_dictionary, sizeof f_2024_01_01_dictionary},
    {"2024-01-01", "envelope.json", f_2024_01_01_envelope, sizeof f_2024_01_01_envelope},
    {"2024-01-01", "examples.json", f_2024_01_01_examples, sizeof f_2024_01_01_examples},
    {"2024-01-01", "forms.json", f_2024_01_01_forms, sizeof f_2024_01_01_forms},
    {"2024-01-01", "regions.json", f_2024_01_01_regions, sizeof f_2024_01_01_regions},
    {"2024-01-01", "rules.json", f_2024_01_01_rules, sizeof f_2024_01_01_rules},
    {"2024-01-01", "settlements.json", f_2024_01_01_settlements, sizeof f_2024_01_01_settlements},
};

size_t esep_law_file_count(void) { return sizeof files / sizeof files[0]; }

struct esep_law_file esep_law_file_at(size_t position) { return files[position]; }

// What the generator tells beside the editions: no part of any of them, and read by it alone.
static const unsigned char s_recipes[] = {
#embed "Stories/recipes.json"
};
static const unsigned char s_lives[] = {
#embed "Stories/lives.json"
};
static const unsigned char s_faults[] = {
#embed "Stories/faults.json"
};
static const unsigned char s_beside[] = {
#embed "Stories/beside.json"
};

static const struct esep_law_file stories[] = {
    {"", "recipes.json", s_recipes, sizeof s_recipes},
    {"", "lives.json", s_lives, sizeof s_lives},
    {"", "faults.json", s_faults, sizeof s_faults},
    {"", "beside.json", s_beside, sizeof s_beside},
};

size_t esep_story_file_count(void) { return sizeof stories / sizeof stories[0]; }

struct esep_law_file esep_story_file_at(size_t position) { return stories[position]; }
