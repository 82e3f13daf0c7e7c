/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of sections, and nothing else. */
#include "bench/report/report_section.h"

#define SECTION(name) extern const struct report_section report_section_##name;
#include "bench/report/report_sections.def"
#undef SECTION

const struct report_section *const report_sections[] = {
#define SECTION(name) &report_section_##name,
#include "bench/report/report_sections.def"
#undef SECTION
};
const size_t report_section_nr = sizeof(report_sections) / sizeof(report_sections[0]);
