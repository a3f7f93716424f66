package dev.ingot.core.control;

import java.time.Duration;

/**
 * A process under Ingot as it describes itself.
 *
 * @param name the name of its images
 * @param main the main class, jar or module
 * @param imagesDirectory where its images go unless a request says otherwise
 * @param threads how many threads would be captured
 * @param imagesTaken how many images it has written since it started or was resumed
 */
public record ProcessStatus(
        long pid,
        String name,
        String main,
        String imagesDirectory,
        Duration uptime,
        int threads,
        long imagesTaken,
        ProcessState state) {}
