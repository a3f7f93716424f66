(define slow (java.io.File (java.lang.System:getProperty "pace.slow" "no such file")))
(define (say . parts)
  (for-each display parts)
  (newline)
  (force-output)
  (java.lang.Thread:sleep (if (invoke slow 'exists) 500 10)))

(define-syntax stream-cons
  (syntax-rules () ((_ head tail) (cons head (delay tail)))))
(define (stream-tail stream) (force (cdr stream)))
(define (stream-from n) (stream-cons n (stream-from (+ n 1))))
(define (stream-map f stream) (stream-cons (f (car stream)) (stream-map f (stream-tail stream))))
(define (stream-ref stream n) (if (= n 0) (car stream) (stream-ref (stream-tail stream) (- n 1))))

(define squares (stream-map (lambda (n) (* n n)) (stream-from 1)))

(define (collatz n) (let loop ((n n) (steps 0)) (if (= n 1) steps (loop (if (even? n) (quotient n 2) (+ 1 (* 3 n))) (+ steps 1)))))
(define table (make-vector 60 0))

(do ((round 0 (+ round 1))) ((= round 60))
  (vector-set! table round (let loop ((n 1) (best 0)) (if (> n (* 40 (+ round 1))) best (loop (+ n 1) (max best (collatz n))))))
  (say "round " round " square " (stream-ref squares round) " longest " (vector-ref table round)
       " factorial " (let loop ((n round) (product 1)) (if (< n 2) product (loop (- n 1) (* n product))))))
(say (call-with-current-continuation (lambda (return) (for-each (lambda (n) (if (> n 150) (return n))) (vector->list table)) 'none)))
