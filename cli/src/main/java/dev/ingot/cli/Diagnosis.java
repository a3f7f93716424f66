package dev.ingot.cli;

import java.util.ArrayList;
import java.util.List;

/** What {@code doctor} found, in the order it looked. */
final class Diagnosis {

    /** How much a finding matters. */
    enum Weight {
        /** As it should be. */
        FINE,
        /** May keep a program from being captured while it is in use. */
        WARNING,
        /** Checkpoints or resumes fail until this is changed. */
        PROBLEM
    }

    /** One thing that was looked at; a remedy is part of the text. */
    record Finding(Weight weight, String subject, String text) {}

    private final List<Finding> findings = new ArrayList<>();

    void fine(String subject, String text) {
        findings.add(new Finding(Weight.FINE, subject, text));
    }

    void warning(String subject, String text) {
        findings.add(new Finding(Weight.WARNING, subject, text));
    }

    void problem(String subject, String text) {
        findings.add(new Finding(Weight.PROBLEM, subject, text));
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    boolean hasProblem() {
        return findings.stream().anyMatch(finding -> finding.weight() == Weight.PROBLEM);
    }
}
