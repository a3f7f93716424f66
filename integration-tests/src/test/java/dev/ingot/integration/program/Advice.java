package dev.ingot.integration.program;

import org.aspectj.lang.ProceedingJoinPoint;
import org.aspectj.lang.annotation.Around;
import org.aspectj.lang.annotation.Aspect;
import org.jspecify.annotations.Nullable;

/** An aspect that AspectJ's agent weaves into {@link Executors}: it stands around each call, and changes nothing. */
@Aspect
public final class Advice {
    private int calls;

    @Around("execution(* dev.ingot.integration.program.Executors.*(..))")
    public @Nullable Object around(ProceedingJoinPoint point) throws Throwable {
        calls++;
        Object result = point.proceed();
        if (calls == 0) {
            throw new IllegalStateException("begun again in " + point.getSignature());
        }
        return result;
    }
}
