package dev.ingot.benchmarks.barrier;

/** What kernels write to. */
final class KernelData {
    static final int LENGTH = 10_000;

    final Particle[] particles = particles();
    final Particle[] otherParticles = particles();
    final float[] floats = new float[LENGTH];
    final float[] otherFloats = new float[LENGTH];

    private static Particle[] particles() {
        Particle[] particles = new Particle[LENGTH];
        for (int index = 0; index < LENGTH; index++) {
            particles[index] = new Particle();
        }
        return particles;
    }
}
