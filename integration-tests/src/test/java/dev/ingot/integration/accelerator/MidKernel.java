package dev.ingot.integration.accelerator;

import dev.ingot.accelerator.operation.Operation;
import dev.ingot.core.control.TakenImage;
import dev.ingot.core.image.ImageStore;
import dev.ingot.testkit.ProgramRun;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Suspends a program that computes on a device while a kernel stands in its middle. */
final class MidKernel {
    private static final int MOST_ATTEMPTS = 30;

    private MidKernel() {}

    /** A suspension may come just when a kernel begins, or between two; then the program goes on where it was, and is suspended again. */
    static TakenImage suspend(ProgramRun run, String device, Operation kernel) throws Exception {
        Pattern place = Pattern.compile(Pattern.quote(kernel.identity()) + " at ([0-9]+) of ");
        List<String> notes = new ArrayList<>();
        while (notes.size() < MOST_ATTEMPTS) {
            TakenImage image = run.suspend();
            String note = note(image, device);
            Matcher progress = place.matcher(note);
            if (progress.find() && !progress.group(1).equals("0")) {
                return image;
            }
            notes.add(note);
            run.resume(image.directory());
        }
        throw new AssertionError("never in the middle of a kernel on " + device + ": " + notes);
    }

    private static String note(TakenImage image, String device) throws Exception {
        return ImageStore.open(image.directory())
                .manifest()
                .contents()
                .notes()
                .getOrDefault("device " + device + ":0", "none");
    }
}
