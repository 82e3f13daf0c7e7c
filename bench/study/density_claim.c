/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "6 to 8 containers on a host", for whatever is no bare metal. */
#include <stdio.h>

#include "bench/base/json.h"
#include "bench/study/density.h"

#define FAIR 0.9       /* Jain's index from which the shares are called fair */
#define KEPT_SHARE 0.9 /* of the best total, from which nothing was lost by more */

static json_t *interval(const struct stats_mean *value, double asked,
			enum finding finding)
{
	return json_pack("{s:f, s:f, s:f, s:f, s:s}", "value", value->mean, "low",
			 value->low, "high", value->high, "asked", asked, "verdict",
			 finding_name(finding));
}

/* How many emulated guests a host bears says nothing of guests. */
static int store(struct density_study *study, size_t place, enum finding verdict,
		 const char *answer, const char *numbers, struct err *err)
{
	bool emulated = study->places.list[place].probe.state == EMULATED;
	char text[480];
	struct store_experiment row = {.name = "talk-density",
				       .condition = study->settings->workload->name,
				       .numbers = numbers,
				       .answer = text,
				       .verdict =
					       emulated ? FINDING_UNAVAILABLE : verdict};
	int64_t id;

	(void)snprintf(text, sizeof(text), "%s%s",
		       emulated ? "guests were emulated: " : "", answer);

	return density_experiment_add(study, place, &row, &id, err);
}

enum finding density_unreached(const struct stop *stop)
{
	return stop->rule == STOP_START || stop->rule == STOP_FAILURE
		       ? FINDING_FAILS
		       : FINDING_INCONCLUSIVE;
}

static int store_unreached(struct density_study *study, size_t place, struct err *err)
{
	const struct density_place *state = &study->state[place];
	unsigned most = state->step_nr ? state->steps[state->step_nr - 1].instances : 0;
	char answer[320];

	(void)snprintf(answer, sizeof(answer),
		       "only up to %u side by side were measured, not %d%s%s", most,
		       DENSITY_CLAIMED, stop_is_set(&state->stop) ? ": " : "",
		       state->stop.text);
	return store(study, place, density_unreached(&state->stop), answer, "{}", err);
}

static int store_reached(struct density_study *study, size_t place,
			 const struct density_shape *shape, struct err *err)
{
	enum finding kept = density_reaches(&shape->kept, KEPT_SHARE);
	enum finding fair = density_reaches(&shape->fair, FAIR);
	cleanup(json) json_t *root =
		json_pack("{s:o, s:o}", "kept", interval(&shape->kept, KEPT_SHARE, kept),
			  "fairness", interval(&shape->fair, FAIR, fair));
	cleanup(free) char *numbers = root ? json_dumps(root, JSON_COMPACT) : NULL;
	char answer[400];

	(void)snprintf(answer, sizeof(answer),
		       "%d side by side did %.1f %% (%.1f to %.1f) of the best total of "
		       "so many or fewer, of 90 %% asked: %s; least fairness (Jain) "
		       "%.3f (%.3f to %.3f), of 0.9 asked: %s",
		       DENSITY_CLAIMED, 100 * shape->kept.mean, 100 * shape->kept.low,
		       100 * shape->kept.high, finding_name(kept), shape->fair.mean,
		       shape->fair.low, shape->fair.high, finding_name(fair));
	return store(study, place, density_both(kept, fair), answer,
		     numbers ? numbers : "{}", err);
}

int density_claim_store(struct density_study *study, size_t place, struct err *err)
{
	const struct density_place *state = &study->state[place];
	struct density_shape shape;
	int rc;

	if (!state->step_nr)
		return store_unreached(study, place, err);
	rc = density_shape(state->steps, state->step_nr, DENSITY_CLAIMED,
			   study->session->plan.seed, &shape, err);

	if (rc)
		return rc;
	return shape.kept.mean >= 0 ? store_reached(study, place, &shape, err)
				    : store_unreached(study, place, err);
}
