package dev.ingot.benchmarks.barrier;

/** An object that is written to. */
final class Particle {
    double x;
    double y;
    double speedX = 1;
    double speedY = 2;
    int mark;
}
