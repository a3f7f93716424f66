package dev.ingot.agent.options;

import dev.ingot.core.seal.KeyName;
import org.jspecify.annotations.Nullable;

/** The agent options: the one table from which parsing, messages and documentation take names, forms and defaults. */
public enum OptionKey {
    IMAGES(
            "images",
            "DIR",
            "~/.ingot/images",
            "Directory that holds the images; created when the first image is written."),
    NAME(
            "name",
            "NAME",
            "",
            "Name of the program among the images and for the `ingot` command; without it, the main class or jar file."),
    BUFFER(
            "buffer",
            "SIZE|auto",
            "auto",
            "How much of an image may wait in memory, outside the Java heap, to be compressed and written while the program "
                    + "runs again; a larger image keeps the program standing for the rest. `auto` is a quarter of the memory "
                    + "that is free when the checkpoint begins."),
    KEY(
            "key",
            KeyName.FORM + "|off",
            "off",
            "Seals the images: they are encrypted with a key of their own, which this key wraps. With it, only sealed images "
                    + "are resumed. See [security.md](security.md)."),
    SIGN(
            "sign",
            "PATH|off",
            "off",
            "Signs the images with the private Ed25519 key in this file, so that others can see who made them without being able to make "
                    + "any. Others must not be able to read the file. See [security.md](security.md#signed-images)."),
    TRUSTED(
            "trusted",
            "PATH|off",
            "off",
            "Resumes only images that were signed by one of the public Ed25519 keys in this file, or in the files `*.pem` of this directory."),
    INCREMENTAL(
            "incremental",
            "on|off|auto",
            "auto",
            "Whether an image may hold only what changed since the one before, which is then part of it; `auto` is on where `every` is "
                    + "given. It takes about 16 bytes of memory outside the Java heap for each object of the program, from the second "
                    + "image on, or from the first if `every` is given, or from a resume. Where the machine cannot spare them, images are whole."),
    OFFLOAD(
            "offload",
            "on|off",
            "off",
            "Whether images of more than a few megabytes are compressed, sealed and hashed by a process of its own beside the program, "
                    + "which is left to what the program leaves of the processors. It has some 64 MB of memory."),
    EVERY("every", "DURATION|off", "off", "Takes a checkpoint this often; the program goes on."),
    ON_SIGTERM(
            "on-sigterm",
            "suspend|checkpoint|none",
            "none",
            "What SIGTERM does: `suspend` writes an image and exits, `checkpoint` writes an image and then lets the program "
                    + "end in its own way, `none` leaves the signal alone."),
    RESUME(
            "resume",
            "auto|PATH|await:FILE|off",
            "off",
            "Resumes instead of starting fresh: `auto` takes the newest complete image of this name and starts fresh where "
                    + "there is none, a path takes exactly that image. `await:` gets the JVM ready, says so by a file "
                    + "`FILE.ready`, and takes the image whose path is in FILE as soon as that is there. Where a file `FILE.base` "
                    + "has the path of an image, that one is read meanwhile, and the other one has to go on it."),
    DEVICES(
            "devices",
            "OLD=NEW;…",
            "",
            "On which accelerator a resume goes on instead of the one that the image names. Either side is a device such as "
                    + "`cpu:0`, a provider such as `opencl`, or a kind such as `gpu`."),
    DETERMINISM(
            "determinism",
            "bitwise-same-kind|bitwise-same-build|tolerance|none",
            "",
            "The weakest promise about the results of operations that a resume on another accelerator may leave where there was a "
                    + "stronger one. Without it, and without the program's own consent, such a resume is refused. What it says here comes "
                    + "before the environment variable `INGOT_DEVICE_DETERMINISM`."),
    DEADLINE(
            "deadline",
            "DURATION",
            "30s",
            "How long a checkpoint waits for all threads to be capturable before it gives up; the program goes on."),
    FILES(
            "files",
            "strict|accept",
            "strict",
            "What a resume does about an open file that changed since the image: `strict` refuses, `accept` goes on with "
                    + "the file as it is."),
    NATIVE(
            "native",
            "refuse|allow",
            "refuse",
            "Whether a program that loaded native libraries may be checkpointed. Memory behind them is not in the image; they are loaded anew on a resume."),
    HOOKS("hooks", "on|off", "on", "Whether Ingot and CRaC hooks of the program run around a checkpoint."),
    SECRETS(
            "secrets",
            "PATTERN;…",
            "",
            "System properties that are no part of images, neither their values nor what the command line says of them; a "
                    + "resumed program has those of its own JVM. A pattern is a name in which `*` stands for any characters."),
    CONTROL(
            "control",
            "on|off|DIR",
            "on",
            "The socket through which the `ingot` command reaches the program: at its usual place, not at all, or in this "
                    + "directory."),
    LOG("log", "quiet|info|debug", "quiet", "How much the agent says; `quiet` are warnings, each once."),
    LOG_FILE(
            "log-file",
            "PATH|stderr",
            "stderr",
            "Where it says that: a file that it appends to, or stderr, where the messages stand between what the program writes."),
    DUMP("dump", "DIR|off", "off", "Directory that receives every woven class file."),
    INCLUDE(
            "include",
            "PATTERN;…",
            "*",
            "Classes that are woven. A pattern is a class name in which `*` stands for any characters, dots too."),
    EXCLUDE(
            "exclude",
            "PATTERN;…",
            "",
            "Classes that are not woven though included; their frames pin the thread that runs them."),
    TORTURE(
            "torture",
            "DURATION|off",
            "off",
            "For tests: this often, captures all threads and rebuilds them in place, without writing an image; after a few hundred times more seldom, where a capture takes more than half as long.");

    private final String key;
    private final String form;
    private final String fallback;
    private final String meaning;

    OptionKey(String key, String form, String fallback, String meaning) {
        this.key = key;
        this.form = form;
        this.fallback = fallback;
        this.meaning = meaning;
    }

    /** The name before the equals sign. */
    public String key() {
        return key;
    }

    /** What may stand behind the equals sign. */
    public String form() {
        return form;
    }

    /** The value that stands for the option where it is absent; empty where there is none. */
    public String fallback() {
        return fallback;
    }

    /** What the option does, in Markdown. */
    public String meaning() {
        return meaning;
    }

    static @Nullable OptionKey find(String key) {
        for (OptionKey option : values()) {
            if (option.key.equals(key)) {
                return option;
            }
        }
        return null;
    }

    static String closest(String key) {
        OptionKey[] options = values();
        var keys = new String[options.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = options[i].key;
        }
        return Suggestion.closest(key, keys);
    }
}
