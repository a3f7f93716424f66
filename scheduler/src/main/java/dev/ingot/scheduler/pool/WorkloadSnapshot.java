package dev.ingot.scheduler.pool;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that the core knows of a workload.
 *
 * @param view what everybody may see of it
 * @param key it was submitted with
 * @param number counts submissions
 * @param claimCertain of the claim in {@code view}
 * @param claimChoice for which of its alternatives that is, by number
 * @param intent what is meant by its suspension, if it is being suspended
 * @param lastEpoch the newest that any node was told of
 * @param preparation where it is being got ready for; null if nowhere
 * @param stranded where its present epoch may be gone on with; null if nowhere
 * @param startImage what its present epoch began with
 * @param imageOutput all it had written at its image
 * @param prospects what is known of going on from each of its images, by the equipment of nodes
 * @param trouble its crashes and warnings
 * @param queuedAt when it was last put into the queue
 * @param runningSince when it last began to run, or was told to where it does not run yet
 * @param upAt from when on it may move up to a faster one of its alternatives; -1 where it has none
 * @param stateSince when it came into its state
 * @param imageAt when its newest image was heard of
 * @param suspendMillis how long its last suspension took; 0 if there was none
 * @param resumeMillis how long its last resumption took; 0 if there was none
 * @param notBefore it is not started before
 * @param spareUntil it is not suspended for others before
 * @param service how much it ran of what it wanted to
 * @param member of which gang it is; null if it is a workload of its own
 */
public record WorkloadSnapshot(
        WorkloadView view,
        String key,
        long number,
        boolean claimCertain,
        int claimChoice,
        Intent intent,
        long lastEpoch,
        @Nullable Preparation preparation,
        @Nullable Stranded stranded,
        @Nullable ImageReference startImage,
        List<OutputPart> imageOutput,
        Map<String, Map<String, Prospect>> prospects,
        TroubleSnapshot trouble,
        long queuedAt,
        long runningSince,
        long upAt,
        long stateSince,
        long imageAt,
        long suspendMillis,
        long resumeMillis,
        long notBefore,
        long spareUntil,
        ServiceSnapshot service,
        @Nullable MemberSnapshot member) {}
