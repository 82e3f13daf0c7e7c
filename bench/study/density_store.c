/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>

#include "bench/base/clock.h"
#include "bench/base/json.h"
#include "bench/study/density.h"

#define FAIR 0.9 /* Jain's index from which the shares are called fair */

static const char procedure[] =
	"start 1, 2, 4, … instances, CPUs in turn; one worker in each asks for slices of "
	"the same work all at once for one window, platforms taking turns; totals and "
	"shares are by the host's clock; means over windows with 95 % intervals by "
	"bootstrap";

enum curve { TOTAL, EACH, FAIRNESS, P50, P99, CURVE_NR };
static const char *const curve_names[CURVE_NR] = {[TOTAL] = "total_per_s",
						  [EACH] = "instance_per_s",
						  [FAIRNESS] = "fairness",
						  [P50] = "p50_ns",
						  [P99] = "p99_ns"};

static double value_of(const struct density_window *window, enum curve curve)
{
	switch (curve) {
	case TOTAL:
		return window->total;
	case EACH:
		return window->mean;
	case FAIRNESS:
		return window->jain;
	case P50:
		return window->p50_ns;
	case P99:
		return window->p99_ns;
	case CURVE_NR:
		break;
	}
	return NAN;
}

/* Over the windows of a step. */
static struct store_point point_of(const struct density_step *step, enum curve curve,
				   uint64_t seed)
{
	bool share = curve == FAIRNESS;
	double values[DENSITY_WINDOWS_MAX];
	struct stats_mean over;

	for (size_t i = 0; i < step->nr; i++)
		values[i] = value_of(&step->windows[i], curve);
	over = stats_bounded(values, step->nr, share ? 1.0 / step->instances : 0,
			     share ? 1 : INFINITY, seed);
	return (struct store_point){step->instances, over.mean, over.low, over.high};
}

static int add_curve(struct session *session, const struct density_place *state,
		     int64_t experiment, enum curve curve, struct err *err)
{
	struct store_point points[DENSITY_COUNTS_MAX];

	for (size_t i = 0; i < state->step_nr; i++)
		points[i] = point_of(&state->steps[i], curve, session->plan.seed);
	return store_series_add(session->store, experiment, curve_names[curve], points,
				state->step_nr, err);
}

/* What is read once a step. */
enum reading { START, PSS, AVAILABLE, PRESSURE, READING_NR };
static const char *const reading_names[READING_NR] = {[START] = "start_ns",
						      [PSS] = "pss_bytes",
						      [AVAILABLE] = "available_bytes",
						      [PRESSURE] = "memory_pressure"};

static struct stats_mean reading_of(const struct density_step *step, enum reading reading)
{
	switch (reading) {
	case START:
		return step->start_ns;
	case PSS:
		return (struct stats_mean){step->pss_bytes, NAN, NAN};
	case AVAILABLE:
		return (struct stats_mean){step->available_bytes, NAN, NAN};
	case PRESSURE:
	case READING_NR:
		break;
	}
	return (struct stats_mean){step->pressure, NAN, NAN};
}

/* What this kernel does not count has no curve. */
static int add_reading(struct session *session, const struct density_place *state,
		       int64_t experiment, enum reading reading, struct err *err)
{
	struct store_point points[DENSITY_COUNTS_MAX];

	for (size_t i = 0; i < state->step_nr; i++) {
		const struct density_step *step = &state->steps[i];
		struct stats_mean value = reading_of(step, reading);

		if (isnan(value.mean))
			return 0;
		points[i] = (struct store_point){step->instances, value.mean, value.low,
						 value.high};
	}
	return store_series_add(session->store, experiment, reading_names[reading],
				points, state->step_nr, err);
}

/* Beyond the curve there is no knee: null. */
static json_t *knee_json(double knee)
{
	return isinf(knee) ? json_null() : json_integer((json_int_t)knee);
}

static json_t *stop_json(const struct density_place *state)
{
	const struct stop *stop = &state->stop;

	return stop_is_set(stop)
		       ? json_pack("{s:s, s:f, s:f, s:i, s:s}", "rule",
				   stop_rule_name(stop->rule), "value", stop->value,
				   "limit", stop->limit, "instances",
				   (int)state->stopped_at, "text", stop->text)
		       : json_null();
}

static char *numbers(const struct density_study *study, const struct density_place *state,
		     const struct density_shape *shape)
{
	const struct density_settings *settings = study->settings;
	const struct density_step *last = &state->steps[state->step_nr - 1];
	cleanup(json) json_t *root = json_pack(
		"{s:s, s:i, s:i, s:o, s:o, s:f, s:f, s:f, s:o, s:s, s:i, s:i, s:f}",
		"workload", settings->workload->name, "instances", (int)last->instances,
		"knee", isinf(shape->knee.mean) ? 0 : (int)shape->knee.mean, "knee_low",
		knee_json(shape->knee.low), "knee_high", knee_json(shape->knee.high),
		"least_fairness", shape->fair.mean, "least_fairness_low", shape->fair.low,
		"least_fairness_high", shape->fair.high, "stop", stop_json(state),
		"stopped", state->stop.text, "cpus", (int)study->cpu_nr, "windows",
		(int)settings->windows, "window_s",
		(double)settings->window_ns / NS_PER_S);

	return root ? json_dumps(root, JSON_COMPACT) : NULL;
}

int density_experiment_add(struct density_study *study, size_t place,
			   struct store_experiment *row, int64_t *ret, struct err *err)
{
	row->chapter = "density";
	row->platform = study->places.list[place].platform->name;
	row->emulated = study->places.list[place].probe.state == EMULATED;
	row->procedure = procedure;
	row->begin_ns = study->session->begin_ns;
	row->end_ns = clock_now_ns();
	return store_experiment_add(study->session->store, study->session->run, row, ret,
				    err);
}

static void say_knee(const struct stats_mean *knee, char *text, size_t size)
{
	char high[24] = "none";

	if (!isinf(knee->high))
		(void)snprintf(high, sizeof(high), "%.0f", knee->high);
	if (isinf(knee->mean) && isinf(knee->low))
		(void)snprintf(text, size, "no knee");
	else if (isinf(knee->mean))
		(void)snprintf(text, size, "no knee (%.0f to none)", knee->low);
	else
		(void)snprintf(text, size, "knee at %.0f (%.0f to %s)", knee->mean,
			       knee->low, high);
}

static int add_curves(struct density_study *study, const struct density_place *state,
		      int64_t id, struct err *err)
{
	int rc = 0;

	for (int i = 0; !rc && i < CURVE_NR; i++)
		rc = add_curve(study->session, state, id, (enum curve)i, err);
	for (int i = 0; !rc && i < READING_NR; i++)
		rc = add_reading(study->session, state, id, (enum reading)i, err);
	return rc;
}

/* One that was stopped before its first windows were done. */
static int store_nothing(struct density_study *study, size_t place, struct err *err)
{
	const struct density_place *state = &study->state[place];
	cleanup(json) json_t *root =
		json_pack("{s:s, s:i, s:i, s:o, s:s, s:i}", "workload",
			  study->settings->workload->name, "instances", 0, "knee", 0,
			  "stop", stop_json(state), "stopped", state->stop.text, "cpus",
			  (int)study->cpu_nr);
	cleanup(free) char *json = root ? json_dumps(root, JSON_COMPACT) : NULL;
	char answer[240];
	int64_t id;

	(void)snprintf(answer, sizeof(answer), "nothing was measured: %s",
		       state->stop.text);
	return density_experiment_add(
		study, place,
		&(struct store_experiment){.name = study->settings->workload->name,
					   .condition = "",
					   .numbers = json,
					   .answer = answer,
					   .verdict = FINDING_UNAVAILABLE},
		&id, err);
}

static int store_curves(struct density_study *study, size_t place, struct err *err)
{
	const struct density_place *state = &study->state[place];
	cleanup(free) char *json = NULL;
	struct density_shape shape;
	char answer[400], knee[64];
	int64_t id;
	int rc = density_shape(state->steps, state->step_nr, UINT_MAX,
			       study->session->plan.seed, &shape, err);

	if (rc)
		return rc;
	json = numbers(study, state, &shape);
	if (!json)
		return err_fail(err, ENOMEM, "no memory for a curve");
	say_knee(&shape.knee, knee, sizeof(knee));
	(void)snprintf(answer, sizeof(answer),
		       "up to %u instances: %s; least fairness (Jain) %.3f (%.3f to "
		       "%.3f)%s%s",
		       state->steps[state->step_nr - 1].instances, knee, shape.fair.mean,
		       shape.fair.low, shape.fair.high,
		       stop_is_set(&state->stop) ? "; stopped: " : "", state->stop.text);
	rc = density_experiment_add(
		study, place,
		&(struct store_experiment){.name = study->settings->workload->name,
					   .condition = "",
					   .numbers = json,
					   .answer = answer,
					   .verdict = density_reaches(&shape.fair, FAIR)},
		&id, err);
	return rc ? rc : add_curves(study, state, id, err);
}

int density_store(struct density_study *study, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < study->places.nr; i++) {
		if (study->state[i].step_nr)
			rc = store_curves(study, i, err);
		else
			rc = store_nothing(study, i, err);
		if (!rc && !study->places.list[i].baseline)
			rc = density_claim_store(study, i, err);
	}
	return rc;
}
