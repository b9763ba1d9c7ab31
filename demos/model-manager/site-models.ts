import type { AnsweringTask } from './model-facts.ts';

/** A model that this site serves. */
export interface SiteModel {
  name: string;
  reference: string;
  task: AnsweringTask;
  purpose: string;
  /** Of all its files. Known here so that the page can say what a download costs before it begins. */
  bytes: number;
}

export const siteModels: readonly SiteModel[] = [
  {
    name: 'all-MiniLM-L6-v2',
    reference: '/models/insitu/all-MiniLM-L6-v2/',
    task: 'feature-extraction',
    purpose: 'Turns sentences into vectors',
    bytes: 23_411_798,
  },
  {
    name: 'all-MiniLM-L6-v2-sst2',
    reference: '/models/insitu/all-MiniLM-L6-v2-sst2/',
    task: 'text-classification',
    purpose: 'Tells the tone of a sentence',
    bytes: 23_415_662,
  },
];

/** The key of a model in the store. */
export const urlOf = ({ reference }: SiteModel): string => new URL(reference, location.href).href;
