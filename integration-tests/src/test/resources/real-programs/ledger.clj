(def slow (java.io.File. (System/getProperty "pace.slow" "no such file")))

(defn say [& parts]
  (apply println parts)
  (flush)
  (Thread/sleep (if (.exists slow) 500 10)))

(defmulti apply-entry (fn [_ entry] (:kind entry)))
(defmethod apply-entry :deposit [accounts {:keys [to amount]}] (update accounts to (fnil + 0) amount))
(defmethod apply-entry :transfer [accounts {:keys [from to amount]}]
  (-> accounts (update from (fnil - 0) amount) (update to (fnil + 0) amount)))

(def accounts (atom {}))
(def seen (atom 0))
(add-watch accounts :count (fn [_ _ _ _] (swap! seen inc)))

(defn lcg [state] (mod (+ (* 1103515245 state) 12345) 2147483648))
(def numbers (map #(quot % 65536) (iterate lcg 42)))

(defn entry [n]
  (let [[a b c] (take 3 (drop (* 3 n) numbers))]
    (if (even? a)
      {:kind :deposit :to (mod b 13) :amount (mod c 100)}
      {:kind :transfer :from (mod a 13) :to (mod b 13) :amount (mod c 50)})))

(def primes ((fn sieve [s] (lazy-seq (cons (first s) (sieve (filter #(not= 0 (mod % (first s))) (rest s)))))) (iterate inc 2)))

(doseq [round (range 60)]
  (doseq [n (range (* round 10) (* (inc round) 10))] (swap! accounts apply-entry (entry n)))
  (say "round" round
       "total" (reduce + (vals @accounts))
       "richest" (first (apply max-key second (sort @accounts)))
       "odd" (transduce (comp (filter odd?) (map inc)) + (range (* round 50)))
       "prime" (nth primes round)))
(println (into (sorted-map) @accounts) @seen)
