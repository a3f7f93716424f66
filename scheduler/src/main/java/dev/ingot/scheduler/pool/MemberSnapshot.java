package dev.ingot.scheduler.pool;

import org.jspecify.annotations.Nullable;

/**
 * What the core knows of a member of a gang, and of its gang.
 *
 * @param gang the id of the first member
 * @param index of the member, from 0 on
 * @param beyond whether it is beyond the least number of them
 * @param pending the newest image of its present epoch that is not part of a set yet; null if there is none
 * @param fresh whether {@code pending} is to be part of the next set
 * @param asked whether the member is to write an image for the next set
 * @param broken whether the gang has to go back to its last set
 * @param hold whether the gang is to be held once it stands
 * @param setAt when the gang's last set was complete, or given up
 * @param gatheredUntil until when the images of the next set are waited for; 0 if they are not
 */
public record MemberSnapshot(
        String gang,
        int index,
        boolean beyond,
        @Nullable ImageReference pending,
        boolean fresh,
        boolean asked,
        boolean broken,
        boolean hold,
        long setAt,
        long gatheredUntil) {}
