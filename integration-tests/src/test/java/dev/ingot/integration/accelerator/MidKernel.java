package dev.ingot.integration.accelerator;

import dev.ingot.accelerator.operation.Operation;
import dev.ingot.core.control.TakenImage;
import dev.ingot.core.image.ImageStore;
import dev.ingot.testkit.ProgramRun;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Takes an image of a program that computes on devices while each stands in the middle of a kernel, and kills the program. */
final class MidKernel {
    private static final int MOST_ATTEMPTS = 100;

    private MidKernel() {}

    /**
     * An image may be taken just when a kernel begins, or between two; then the program goes on, and another one is taken.
     *
     * @param devices all that are to stand in a kernel, as notes of an image name them
     */
    static TakenImage kill(ProgramRun run, Operation kernel, List<String> devices) throws Exception {
        Pattern place = Pattern.compile(Pattern.quote(kernel.identity()) + " at [1-9][0-9]* of ");
        Map<String, String> notes = Map.of();
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            TakenImage image = run.checkpoint();
            Map<String, String> present =
                    ImageStore.open(image.directory()).manifest().contents().notes();
            if (devices.stream()
                    .allMatch(device -> place.matcher(present.getOrDefault("device " + device, "none"))
                            .find())) {
                run.kill();
                return image;
            }
            notes = present;
        }
        throw new AssertionError("never in the middle of a kernel on all of " + devices + ", last: " + notes);
    }
}
