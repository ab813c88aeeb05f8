"use client";

import { Classifier } from "leukolens";
import { useEffect, useState } from "react";

export function Answer() {
  const [classifier, setClassifier] = useState();
  const [answer, setAnswer] = useState("");

  // React's development mode mounts everything twice: what was loaded first is disposed, and must not be used.
  useEffect(() => {
    let mounted = true;
    const loading = Classifier.load();
    loading.then(
      (loaded) => mounted && setClassifier(loaded),
      ({ message }) => mounted && setAnswer(message),
    );
    return () => {
      mounted = false;
      setClassifier(undefined);
      loading.then((loaded) => loaded.dispose()).catch(() => undefined);
    };
  }, []);

  async function classify(file) {
    try {
      const { label, confidence } = await classifier.classify(file);
      setAnswer(`${label} ${confidence}`);
    } catch ({ message }) {
      setAnswer(message);
    }
  }

  return (
    <>
      <label>
        Image <input type="file" disabled={!classifier} onChange={({ target }) => classify(target.files[0])} />
      </label>
      <output>{answer}</output>
    </>
  );
}
