/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/memcg/memcg_stream.h"

#define CHUNK_BYTES (8 * MIB)

struct rig {
	struct memcg_group above;
	struct memcg_actor reader, streamer;
	struct memcg_child beside; /* the streamer, where it is in the reader's group */
	struct memcg_file set, flood;
};

static void cleanup_rig(struct rig *rig)
{
	(void)memcg_child_end(&rig->beside);
	cleanup_memcg_actor(&rig->reader);
	cleanup_memcg_actor(&rig->streamer);
	memcg_group_release(&rig->above);
	memcg_file_remove(&rig->set);
	memcg_file_remove(&rig->flood);
}

static int begin(struct memcg_context *context, const struct memcg_stream *stream,
		 struct rig *rig, struct err *err)
{
	const struct memcg_group *above = stream->above_limit_bytes ? &rig->above : NULL;
	int rc = memcg_file_make(context, "set", MEMCG_SET_BYTES, &rig->set, err);

	if (!rc)
		rc = memcg_file_make(context, "flood", MEMCG_STREAM_BYTES, &rig->flood,
				     err);
	if (!rc && above)
		rc = memcg_group_make(context, NULL, stream->above_limit_bytes,
				      &rig->above, err);
	if (!rc)
		rc = memcg_actor_start(context, above, stream->own_limit_bytes,
				       &rig->reader, err);
	if (!rc && stream->protection)
		rc = memcg_group_set(&rig->reader.group, stream->protection,
				     stream->protection_bytes, err);
	if (rc)
		return rc;
	if (stream->same_group)
		return memcg_child_start(&rig->reader.group, &rig->beside, err);
	return memcg_actor_start(context, above, stream->own_limit_bytes, &rig->streamer,
				 err);
}

static int stream_chunk(struct rig *rig, bool same_group, uint64_t at, struct err *err)
{
	struct memcg_order read = {MEMCG_READ, at, CHUNK_BYTES, ""};

	(void)snprintf(read.path, sizeof(read.path), "%s", rig->flood.path);
	return memcg_child_tell(same_group ? &rig->beside : &rig->streamer.child, &read,
				NULL, err);
}

static int look(const struct rig *rig, const struct memcg_stream *stream, uint64_t at,
		struct memcg_result *result, double *ret_percent, struct err *err)
{
	uint64_t cached;
	int rc = memcg_file_cached(&rig->set, &cached, err);

	if (rc)
		return rc;
	*ret_percent = 100.0 * (double)cached / (double)MEMCG_SET_BYTES;
	return memcg_result_point(result, stream->curve, IN_MIB(at), *ret_percent, err);
}

int memcg_stream_past(struct memcg_context *context, const struct memcg_stream *stream,
		      struct memcg_result *result, double *ret_percent, struct err *err)
{
	cleanup(rig) struct rig rig = {.reader = MEMCG_ACTOR_NONE,
				       .streamer = MEMCG_ACTOR_NONE,
				       .beside = {.fd = -1},
				       .set = MEMCG_FILE_NONE,
				       .flood = MEMCG_FILE_NONE};
	int rc = begin(context, stream, &rig, err);

	if (!rc)
		rc = memcg_actor_read(&rig.reader, &rig.set, 0, MEMCG_SET_BYTES, err);
	if (!rc)
		rc = look(&rig, stream, 0, result, ret_percent, err);
	for (uint64_t at = 0; !rc && at < MEMCG_STREAM_BYTES; at += CHUNK_BYTES) {
		rc = stream_chunk(&rig, stream->same_group, at, err);
		if (!rc)
			rc = look(&rig, stream, at + CHUNK_BYTES, result, ret_percent,
				  err);
	}
	return rc;
}
